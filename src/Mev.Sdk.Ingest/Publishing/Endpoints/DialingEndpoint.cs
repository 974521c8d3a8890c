using System.Net;
using Mev.Sdk.Ingest.Diagnostics;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Transports;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Ingest.Publishing.Endpoints;

/// <summary>Connects to a host and serves it as a subscriber; connects again when it is gone.</summary>
internal sealed class DialingEndpoint(string uri, ITransport transport, TimeSpan connectTimeout, TimeSpan maxDelay, TimeProvider time, ILogger logger) : IPublisherEndpoint
{
    // A connection that lived this long was of use, so the host is asked again at once. Not sooner: two engines of one name, which a host lets in
    // by turns, must not drive each other out all the time.
    private static readonly TimeSpan Useful = TimeSpan.FromSeconds(10);

    private readonly ReconnectDelay _delay = new(TimeSpan.FromMilliseconds(100), maxDelay, Random.Shared);
    private bool _reported;

    public string Uri => uri;

    public IPEndPoint? LocalEndPoint => null;

    public async Task RunAsync(SubscriberDesk desk, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await ServeOnceAsync(desk, cancellationToken).ConfigureAwait(false);
                await Task.Delay(_delay.Next(), time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The publisher goes down.
        }
    }

    public void Dispose()
    {
    }

    private async Task ServeOnceAsync(SubscriberDesk desk, CancellationToken cancellationToken)
    {
        var connection = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        if (connection is null)
        {
            return;
        }

        _reported = false;
        var since = time.GetTimestamp();
        await desk.Serve(connection, isDialed: true).ConfigureAwait(false);
        if (time.GetElapsedTime(since) > Useful)
        {
            _delay.Reset();
        }
    }

    private async Task<IStreamConnection?> ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var timeout = new CancellationTokenSource(connectTimeout, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            return await transport.ConnectAsync(both.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (ConnectionErrors.IsBrokenOrCancelled(exception))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!_reported)
            {
                _reported = true;
                var reason = exception is OperationCanceledException ? $"no connection within {DurationText.Of(connectTimeout)}." : ConnectionErrors.Sentence(exception);
                Log.DialFailed(logger, uri, reason);
            }

            return null;
        }
    }
}
