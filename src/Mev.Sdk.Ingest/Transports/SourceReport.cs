using Mev.Sdk.Ingest.Diagnostics;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Ingest.Transports;

/// <summary>Says how a source fares, to the log and the monitor: news once, repetitions quietly. Used by one connection at a time.</summary>
internal sealed class SourceReport(string name, string endpoint, SourceMonitor monitor, ILogger logger)
{
    private bool _reported;
    private string? _lastError;

    public void Subscribed(string engine, ulong sessionId, ulong from)
    {
        _reported = false;
        monitor.SetState(SourceState.Connected, "");
        Log.SourceSubscribed(logger, name, engine, endpoint, sessionId, from);
    }

    /// <summary>The log cannot be read: an error once for each cause, and a source that is not connected until it can.</summary>
    public void LogNotReadable(Exception exception, TimeSpan delay)
    {
        monitor.SetState(SourceState.Disconnected, $"the journal cannot be read: {exception.Message}");
        if (exception.Message != _lastError)
        {
            _lastError = exception.Message;
            Log.LogNotReadable(logger, exception, name, exception.Message, delay);
        }
    }

    public void Malformed(FrameFormatException exception, bool hadProgress, ulong next)
    {
        monitor.OnMalformed(exception.Error);
        var level = LevelOf($"malformed: {exception.Error}", hadProgress);
        Log.SourceMalformed(logger, level, name, endpoint, exception.Message, next);
        _reported = true;
    }

    /// <summary>The connection was of use: the next mistake is news, unless this one ended with it.</summary>
    public void Progressed(SessionEndKind end)
    {
        if (end != SessionEndKind.Malformed)
        {
            _lastError = null;
        }
    }

    /// <param name="end">How the connection ended.</param>
    /// <param name="delay">When it is tried again; null when that is up to the engine.</param>
    public void Ended(SessionEnd end, TimeSpan? delay)
    {
        switch (end.Kind)
        {
            case SessionEndKind.EndOfStream:
                if (monitor.GetSnapshot() is { State: not SourceState.Ended } snapshot)
                {
                    Log.SourceEnded(logger, name, endpoint, snapshot.LastSequence, end.Reason);
                    monitor.SetState(SourceState.Ended, end.Reason);
                }

                _reported = true;
                break;
            case SessionEndKind.Refused:
                Log.SourceRefused(logger, LevelOf($"refused: {end.Reason}", hadProgress: false), name, endpoint, end.Reason);
                monitor.SetState(SourceState.Disconnected, end.Reason);
                _reported = true;
                break;
            default:
                // An ended stream whose engine is gone stays ended: that is no news.
                if (monitor.GetSnapshot().State != SourceState.Ended)
                {
                    monitor.SetState(SourceState.Disconnected, end.Reason);
                }

                // A stream that cannot be reached is reported once, not with every try.
                if (!_reported)
                {
                    Disconnected(end.Reason, delay);
                    _reported = true;
                }

                break;
        }
    }

    private void Disconnected(string reason, TimeSpan? delay)
    {
        if (delay is { } again)
        {
            Log.SourceDisconnected(logger, name, endpoint, reason, DurationText.Of(again));
        }
        else
        {
            Log.SourceLeft(logger, name, endpoint, reason);
        }
    }

    // The same mistake of the same peer is an error once; after progress, or another cause, it is news again.
    private LogLevel LevelOf(string cause, bool hadProgress)
    {
        var known = !hadProgress && cause == _lastError;
        _lastError = cause;
        return known ? LogLevel.Debug : LogLevel.Error;
    }
}
