using System.IO.Pipelines;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Transports;

namespace Mev.Sdk.Ingest.Internal;

/// <summary>Moves bytes from a connection into a pipe and knows nothing about them.</summary>
internal static class ConnectionPump
{
    // The most that one receive brings. At full rate 256 KiB take a quarter less processor time a frame than 64 KiB, and still fit a core's
    // second-level cache, where checking the frames then finds them.
    private const int SegmentBytes = 256 << 10;

    /// <summary>A pipe whose writer waits when <paramref name="highWaterBytes"/> are unread: with the socket's buffers full too, the peer waits.</summary>
    /// <remarks>
    /// The reader goes on where the pump flushes, on its thread: handing every receive over to another one costs more than the frames in it, and moves
    /// the bytes to another core's cache. A reader that waits for a sink lets the pump go on receiving.
    /// </remarks>
    public static Pipe CreatePipe(int highWaterBytes) => new(new PipeOptions(
        pauseWriterThreshold: highWaterBytes,
        resumeWriterThreshold: highWaterBytes / 2,
        readerScheduler: PipeScheduler.Inline,
        minimumSegmentSize: Math.Min(SegmentBytes, highWaterBytes),
        useSynchronizationContext: false));

    /// <summary>What is received before a peer is known for who it is, bytes: its handshake takes a tenth of it.</summary>
    public const int UnknownPeerBytes = 64 << 10;

    /// <summary>Pumps until the peer ends, the connection breaks, or the watch cancels.</summary>
    /// <returns>What broke the connection, or null. The pipe is completed without it, so that what was received is still read.</returns>
    public static async Task<Exception?> RunAsync(IStreamConnection connection, PipeWriter writer, SilenceWatch watch, Task? opened = null)
    {
        Exception? error = null;
        var allowed = UnknownPeerBytes;
        try
        {
            while (true)
            {
                // One byte asked, so that every segment is filled to its end: that keeps 8-byte frames aligned across segments.
                var memory = writer.GetMemory(1);
                watch.Arm();
                if (opened is { IsCompleted: false })
                {
                    if (allowed == 0)
                    {
                        await opened.WaitAsync(watch.Token).ConfigureAwait(false);
                    }
                    else
                    {
                        memory = memory[..Math.Min(memory.Length, allowed)];
                    }
                }

                var received = await connection.ReceiveAsync(memory, watch.Token).ConfigureAwait(false);
                watch.Disarm();
                if (received == 0)
                {
                    break;
                }

                allowed -= Math.Min(allowed, received);
                writer.Advance(received);
                var flush = await writer.FlushAsync(watch.Token).ConfigureAwait(false);
                if (flush.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception exception) when (ConnectionErrors.IsBrokenOrCancelled(exception))
        {
            error = exception;
        }
        finally
        {
            await writer.CompleteAsync().ConfigureAwait(false);
        }

        return error;
    }
}
