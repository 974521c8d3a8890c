using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Mev.Sdk.Storage.Archive.Coding;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>Finds the sightings of a signature in an object: each block that the index names is read with one request and decoded up to the last sighting in it.</summary>
internal static class ObjectSearch
{
    public static async IAsyncEnumerable<ArchiveBatch> FindAsync(ObjectFile file, Signature signature, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var index = file.GetSignatureIndex();
        var hash = SignatureHash.Of(file.Directory.Header.ObjectIdBytes, in signature);
        for (uint number = 0; index.TryFind(hash, number, out var block, out var hasNext); number++)
        {
            var wanted = 1;
            while (hasNext && index.TryFind(hash, number + 1, out var next, out var another) && next == block)
            {
                (wanted, number, hasNext) = (wanted + 1, number + 1, another);
            }

            var batches = await FindInBlockAsync(file, block, signature, wanted, cancellationToken).ConfigureAwait(false);
            if (started != 0)
            {
                ArchiveMetrics.LookupDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
                started = 0;
            }

            var given = 0;
            try
            {
                while (given < batches.Count)
                {
                    yield return batches[given++];
                }
            }
            finally
            {
                BatchAssembler.Release(batches, given);
            }

            if (!hasNext)
            {
                yield break;
            }
        }

        if (started != 0)
        {
            ArchiveMetrics.LookupDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
    }

    private static async ValueTask<List<ArchiveBatch>> FindInBlockAsync(ObjectFile file, int block, Signature signature, int wanted, CancellationToken cancellationToken)
    {
        var length = file.Blocks[block].StoredLength;
        var stored = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await file.ReadStoredAsync(block, 1, stored.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
            var root = await file.GetRootAsync(block, cancellationToken).ConfigureAwait(false);
            return Decode(file, block, stored.AsSpan(0, length), root, in signature, wanted);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(stored);
        }
    }

    private static List<ArchiveBatch> Decode(ObjectFile file, int block, ReadOnlySpan<byte> stored, BlockSnapshot? root, in Signature signature, int wanted)
    {
        var assembler = new BatchAssembler(0);
        BlockCodec decoder;
        try
        {
            decoder = file.Begin(block, stored, root);
            while (wanted > 0 && file.Next(decoder, block))
            {
                foreach (ref readonly var found in TransactionSignatures.Of(decoder.Frame))
                {
                    if (found.Equals(signature))
                    {
                        assembler.Add(decoder.Lsn, decoder.Source, decoder.Session, decoder.Frame, decoder.Residual);
                        wanted--;
                        break;
                    }
                }
            }
        }
        catch
        {
            assembler.Abandon();
            throw;
        }

        file.ReturnDecoder(decoder);
        return assembler.Take();
    }
}
