using System.Buffers;
using System.Runtime.CompilerServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Features.Sets;

/// <summary>Turns frames that no sequencer has seen, such as a simulated market's, into batches with LSNs, for training only.</summary>
public static class FrameReplay
{
    /// <summary>The log id of LSNs that no journal holds.</summary>
    public const ushort UnstoredLogId = ushort.MaxValue;

    /// <summary>Checks frames, counts them and numbers them from 1 on.</summary>
    /// <param name="chunks">Whole frames, such as one slot of a market each; copied before the next one is asked for, so one buffer may be used again.</param>
    /// <param name="cancellationToken">Ends the replay.</param>
    /// <returns>One batch a chunk that is not empty; each must be released.</returns>
    /// <exception cref="FrameFormatException">A chunk holds a malformed frame.</exception>
    /// <exception cref="InvalidDataException">A chunk ends within a frame.</exception>
    public static async IAsyncEnumerable<RecordBatch> ReadAsync(
        IEnumerable<ReadOnlyMemory<byte>> chunks, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(chunks);
        ulong counter = 1;
        foreach (var chunk in chunks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (chunk.IsEmpty)
            {
                continue;
            }

            var count = Count(chunk.Span);
            var rented = ArrayPool<byte>.Shared.Rent(chunk.Length);
            chunk.CopyTo(rented);
            yield return RecordBatch.Own(rented, chunk.Length, count, new StreamPosition(0, 0, counter), Lsn.Create(UnstoredLogId, counter));
            counter += (ulong)count;

            // A long replay shares its thread with whoever listens to its progress.
            await Task.Yield();
        }
    }

    private static int Count(ReadOnlySpan<byte> frames)
    {
        // Stated: "new FrameReader()" is the default struct, whose limit is 0.
        var reader = new FrameReader(WireFormat.DefaultMaxFrameBytes);
        var count = 0;
        while (!frames.IsEmpty)
        {
            if (reader.TryRead(ref frames, out _) != FrameStatus.Done)
            {
                throw reader.Error == FrameError.None
                    ? new InvalidDataException($"The chunk ends within the frame at byte {reader.Position}: {frames.Length} of {reader.DeclaredLength} bytes are there.")
                    : reader.ToException();
            }

            count++;
        }

        return count;
    }
}
