using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Mev.Sdk.Storage.Archive.Coding;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>Finds the sightings of a signature in an object: each block that the index names is read with one request and decoded up to the last sighting in it.</summary>
internal static class ObjectSearch
{
    public static async IAsyncEnumerable<ArchiveBatch> FindAsync(
        ObjectFile file, Signature signature, ArchiveRange range, Action<ArchiveDamage>? onDamage, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        if (GetIndex(file, onDamage) is not { } index)
        {
            yield break;
        }

        var hash = SignatureHash.Of(file.Directory.Header.ObjectIdBytes, in signature);
        for (uint number = 0; index.TryFind(hash, number, out var block, out var hasNext); number++)
        {
            var wanted = 1;
            while (hasNext && index.TryFind(hash, number + 1, out var next, out var another) && next == block)
            {
                (wanted, number, hasNext) = (wanted + 1, number + 1, another);
            }

            var batches = MayHold(in file.Blocks[block], in range)
                ? await TryFindInBlockAsync(file, block, signature, wanted, range, onDamage, cancellationToken).ConfigureAwait(false)
                : [];
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

    private static bool MayHold(in ObjectBlock block, in ArchiveRange range) =>
        block.LastLsn >= range.From.Value && block.FirstLsn <= range.LastLsnValue && ObjectScan.MayHold(in block, in range);

    private static SignatureIndex? GetIndex(ObjectFile file, Action<ArchiveDamage>? onDamage)
    {
        try
        {
            return file.GetSignatureIndex();
        }
        catch (InvalidDataException e) when (onDamage is not null && ArchiveDamage.TryGet(e, out var damage))
        {
            // Nobody can tell any more whether it holds one.
            onDamage(damage with { FirstLsn = new Lsn(file.Directory.FirstLsn), LastLsn = new Lsn(file.Directory.LastLsn) });
            return null;
        }
    }

    private static async ValueTask<List<ArchiveBatch>> TryFindInBlockAsync(
        ObjectFile file, int block, Signature signature, int wanted, ArchiveRange range, Action<ArchiveDamage>? onDamage, CancellationToken cancellationToken)
    {
        try
        {
            return await FindInBlockAsync(file, block, signature, wanted, range, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException e) when (onDamage is not null && ArchiveDamage.TryGet(e, out var damage))
        {
            onDamage(damage.FirstLsn == new Lsn(file.Blocks[block].FirstLsn) ? damage : file.DamageOf(block, $"it cannot be read because of byte {damage.Offset}: {damage.Problem}"));
        }
        catch (BlobNotFoundException gone) when (onDamage is not null)
        {
            onDamage(file.DamageOf(block, gone.Message));
        }

        return [];
    }

    private static async ValueTask<List<ArchiveBatch>> FindInBlockAsync(ObjectFile file, int block, Signature signature, int wanted, ArchiveRange range, CancellationToken cancellationToken)
    {
        var length = file.Blocks[block].StoredLength;
        var stored = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await file.ReadStoredAsync(block, 1, stored.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
            var root = await file.GetRootAsync(block, cancellationToken).ConfigureAwait(false);
            return Decode(file, block, stored.AsSpan(0, length), root, in signature, wanted, in range);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(stored);
        }
    }

    private static List<ArchiveBatch> Decode(ObjectFile file, int block, ReadOnlySpan<byte> stored, BlockSnapshot? root, in Signature signature, int wanted, in ArchiveRange range)
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
                        wanted--;
                        if (decoder.Lsn >= range.From.Value && decoder.Lsn <= range.LastLsnValue && ObjectScan.IsWanted(decoder.Frame, in range))
                        {
                            assembler.Add(decoder.Lsn, decoder.Source, decoder.Session, decoder.Frame, decoder.Residual);
                        }

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
