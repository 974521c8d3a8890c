using Grpc.Core;
using Mev.Sdk.Ingest.Solana.Chain;
using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Solana.Yellowstone;

/// <summary>One stream: subscribes, takes updates, answers pings, until it ends.</summary>
internal sealed class GeyserSession(ChainStream stream, GeyserIntake intake, GapFiller filler, TimeSpan silence)
{
    private Task _pinging = Task.CompletedTask;

    /// <summary>Runs a call to its end.</summary>
    /// <param name="call">The call.</param>
    /// <param name="request">What is wanted.</param>
    /// <param name="opened">Called with the first update.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<GeyserEnd> RunAsync(AsyncDuplexStreamingCall<byte[], GeyserMessage> call, byte[] request, Action opened, CancellationToken cancellationToken)
    {
        var hadProgress = false;
        using var quiet = new CancellationTokenSource(silence, stream.Context.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(quiet.Token, cancellationToken);
        var isMine = false;

        // What the intake throws is no broken stream: its records are not with it, and another connection would not bring them again.
        var isDelivering = false;
        try
        {
            await call.RequestStream.WriteAsync(request, both.Token).ConfigureAwait(false);
            while (true)
            {
                var next = call.ResponseStream.MoveNext(both.Token);
                if (!next.IsCompleted && isMine)
                {
                    // Nothing more is here: what there is goes now, and whoever fills gaps may have a turn.
                    isDelivering = true;
                    await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
                    isDelivering = false;
                    stream.Exit();
                    isMine = false;
                }

                if (!await next.ConfigureAwait(false))
                {
                    return new GeyserEnd(GeyserEndKind.Broken, "the server closed the stream.", hadProgress);
                }

                quiet.CancelAfter(silence);
                if (!isMine)
                {
                    await stream.EnterAsync(cancellationToken).ConfigureAwait(false);
                    isMine = true;
                }

                if (!hadProgress)
                {
                    opened();
                    hadProgress = true;
                }

                isDelivering = true;
                await TakeAsync(call, cancellationToken).ConfigureAwait(false);
                isDelivering = false;
            }
        }
        catch (RpcException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception exception) when (exception is RpcException or OperationCanceledException && quiet.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new GeyserEnd(GeyserEndKind.Silent, $"nothing was heard for {silence}.", hadProgress);
        }
        catch (RpcException exception)
        {
            return GeyserEnd.Of(exception, hadProgress);
        }
        catch (Exception exception) when (!isDelivering && exception is (IOException or InvalidOperationException or HttpRequestException))
        {
            return new GeyserEnd(GeyserEndKind.Broken, exception.Message, hadProgress);
        }
        finally
        {
            if (isMine)
            {
                if (!cancellationToken.IsCancellationRequested)
                {
                    await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
                }

                stream.Exit();
            }
        }
    }

    private async ValueTask TakeAsync(AsyncDuplexStreamingCall<byte[], GeyserMessage> call, CancellationToken cancellationToken)
    {
        using (var message = call.ResponseStream.Current)
        {
            intake.Read(message.Span);
        }

        if (intake.IsPing && _pinging.IsCompleted)
        {
            _pinging = PingAsync(call, cancellationToken);
        }

        if (intake.Holes.Count > 0)
        {
            await WriteHolesAsync(cancellationToken).ConfigureAwait(false);
        }
        else if (stream.IsFull)
        {
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask WriteHolesAsync(CancellationToken cancellationToken)
    {
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        foreach (var hole in intake.Holes)
        {
            if (hole.Unreadable)
            {
                stream.Missing(hole.First, hole.Last, GapState.Final, hole.Cause, hole.Reason, records: 1);
            }
            else
            {
                filler.Add(hole.First, hole.Last, hole.Cause, hole.Reason);
            }
        }

        intake.Holes.Clear();
    }

    private static async Task PingAsync(AsyncDuplexStreamingCall<byte[], GeyserMessage> call, CancellationToken cancellationToken)
    {
        try
        {
            await call.RequestStream.WriteAsync(GeyserRequests.Ping(1), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException or OperationCanceledException or IOException)
        {
            // A stream that cannot be written to is about to end for its reader, who says why.
        }
    }
}
