using System.Text;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Control;

/// <summary>Writes the frames of the control channel, and its records.</summary>
internal static class ControlFrames
{
    private const int MaxReasonBytes = 512;

    public static ulong Nanoseconds(DateTimeOffset time) => time <= DateTimeOffset.UnixEpoch ? 0 : (ulong)(time - DateTimeOffset.UnixEpoch).Ticks * 100;

    /// <summary>A time of the wire; one beyond what a clock can say is the last it can.</summary>
    public static DateTimeOffset Time(ulong nanoseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks((long)Math.Min(nanoseconds / 100, (ulong)(DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks));

    /// <summary>Words of a peer: cut, and unable to forge lines of a log.</summary>
    public static string Words(ReadOnlySpan<byte> utf8) => PeerText.Decode(utf8[..Math.Min(utf8.Length, MaxReasonBytes)]);

    public static byte[] Update(ParameterEntry entry, ulong nowNanoseconds)
    {
        var message = new ParameterUpdateMessage
        {
            UpdateId = entry.UpdateId,
            Revision = entry.Revision,
            RequestedNanoseconds = Nanoseconds(entry.RequestedAt),
            ExpiresNanoseconds = entry.ExpiresNanoseconds,
            StrategyId = entry.StrategyId,
        };
        var frame = new byte[ParameterUpdateView.GetFrameLength(entry.Parameters.Length)];
        ParameterUpdateView.Write(frame, nowNanoseconds, in message, entry.Parameters);
        return frame;
    }

    public static byte[] Result(ParameterAnswer answer, ulong nowNanoseconds)
    {
        var message = new ParameterResultMessage
        {
            UpdateId = answer.UpdateId,
            Revision = answer.Revision,
            DecidedNanoseconds = answer.DecidedNanoseconds,
            StrategyId = answer.StrategyId,
            State = answer.State,
        };
        var reason = Encoding.UTF8.GetBytes(answer.Reason);
        var length = Math.Min(reason.Length, MaxReasonBytes);
        var frame = new byte[ParameterResultView.GetFrameLength(length)];
        ParameterResultView.Write(frame, nowNanoseconds, in message, reason.AsSpan(0, length));
        return frame;
    }

    /// <summary>The record of a step: <paramref name="state"/> Requested, or how it ended.</summary>
    public static byte[] Change(ParameterEntry entry, ParameterState state, ulong sessionId, string reason, ulong nowNanoseconds)
    {
        var record = new ParameterChangeRecord
        {
            UpdateId = entry.UpdateId,
            SessionId = sessionId,
            Revision = entry.Revision,
            ChangedNanoseconds = nowNanoseconds,
            ExpiresNanoseconds = entry.ExpiresNanoseconds,
            SourceId = entry.SourceId,
            StrategyId = entry.StrategyId,
            State = state,
        };
        var actor = Encoding.UTF8.GetBytes(entry.Actor);
        var words = Encoding.UTF8.GetBytes(reason);
        var frame = new byte[ParameterChangeView.GetFrameLength(entry.Parameters.Length, actor.Length, words.Length)];
        ParameterChangeView.Write(frame, nowNanoseconds, in record, entry.Parameters, actor, words);
        return frame;
    }
}
