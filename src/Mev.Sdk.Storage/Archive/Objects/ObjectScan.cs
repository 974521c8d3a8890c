using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mev.Sdk.Storage.Archive.Coding;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>Reads the records of a range out of an object: only blocks that may hold some, adjacent ones with one request.</summary>
internal static class ObjectScan
{
    /// <summary>Frames between two looks at the token.</summary>
    private const int FramesToCancel = 64;

    public static async IAsyncEnumerable<ArchiveBatch> ReadAsync(
        ObjectFile file, ArchiveRange range, Action<ArchiveDamage>? onDamage, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var block = BlockIndex.Find(file.Blocks, range.From.Value); block < file.Blocks.Length && file.Blocks[block].FirstLsn <= range.LastLsnValue;)
        {
            if (!MayHold(in file.Blocks[block], in range))
            {
                block++;
                continue;
            }

            var count = CountAdjacent(file, block, in range);
            var stored = ArrayPool<byte>.Shared.Rent(file.StoredLength(block, count));
            try
            {
                if (!await TryReadStoredAsync(file, block, count, stored, onDamage, cancellationToken).ConfigureAwait(false))
                {
                    block += count;
                    continue;
                }

                var start = file.Blocks[block].Offset;
                for (var end = block + count; block < end; block++)
                {
                    var bytes = stored.AsMemory((int)(file.Blocks[block].Offset - start), file.Blocks[block].StoredLength);
                    var batches = await DecodeAsync(file, block, bytes, range, onDamage, cancellationToken).ConfigureAwait(false);
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
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(stored);
            }
        }
    }

    /// <summary>Whether a block may hold records of a range's slots and kinds.</summary>
    public static bool MayHold(in ObjectBlock block, in ArchiveRange range) =>
        range.HoldsSlots(block.FirstSlot, block.LastSlot) && (range.Templates.Bits == 0 || (range.Templates.Bits & block.Kinds) != 0);

    // The root comes from memory, so it stands alone.
    private static int CountAdjacent(ObjectFile file, int first, in ArchiveRange range)
    {
        var count = 1;
        while (first > 0
            && first + count < file.Blocks.Length
            && file.Blocks[first + count].FirstLsn <= range.LastLsnValue
            && MayHold(in file.Blocks[first + count], in range)
            && file.Blocks[first + count].Offset + file.Blocks[first + count].StoredLength - file.Blocks[first].Offset <= file.ReadAheadBytes)
        {
            count++;
        }

        return count;
    }

    private static async ValueTask<bool> TryReadStoredAsync(ObjectFile file, int first, int count, byte[] stored, Action<ArchiveDamage>? onDamage, CancellationToken cancellationToken)
    {
        try
        {
            await file.ReadStoredAsync(first, count, stored.AsMemory(0, file.StoredLength(first, count)), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (InvalidDataException e) when (onDamage is not null && ArchiveDamage.TryGet(e, out var damage))
        {
            onDamage(damage.FirstLsn != Lsn.None ? damage : file.DamageOf(first, damage.Problem));
            return false;
        }
        catch (BlobNotFoundException gone) when (onDamage is not null)
        {
            onDamage(file.DamageOf(first, gone.Message) with { LastLsn = new Lsn(file.Blocks[first + count - 1].LastLsn) });
            return false;
        }
    }

    private static async ValueTask<List<ArchiveBatch>> DecodeAsync(
        ObjectFile file, int block, ReadOnlyMemory<byte> stored, ArchiveRange range, Action<ArchiveDamage>? onDamage, CancellationToken cancellationToken)
    {
        try
        {
            var root = await file.GetRootAsync(block, cancellationToken).ConfigureAwait(false);
            return Decode(file, block, stored.Span, root, in range, cancellationToken);
        }
        catch (InvalidDataException e) when (onDamage is not null && ArchiveDamage.TryGet(e, out var damage))
        {
            // What the damage of a root costs is told block by block.
            onDamage(block > 0 && damage.FirstLsn != new Lsn(file.Blocks[block].FirstLsn)
                ? file.DamageOf(block, $"it starts where the root ends, which is damaged at byte {damage.Offset}: {damage.Problem}")
                : damage);
            return [];
        }
    }

    private static List<ArchiveBatch> Decode(ObjectFile file, int block, ReadOnlySpan<byte> stored, BlockSnapshot? root, in ArchiveRange range, CancellationToken cancellationToken)
    {
        ref readonly var place = ref file.Blocks[block];
        var assembler = new BatchAssembler(range.AsksForSlots || range.Templates.Bits != 0 ? 0 : (int)place.FrameBytes);
        BlockCodec decoder;
        try
        {
            decoder = file.Begin(block, stored, root);
            for (var decoded = 1; file.Next(decoder, block); decoded++)
            {
                if (decoder.Lsn > range.LastLsnValue)
                {
                    break;
                }

                if (decoder.Lsn >= range.From.Value && IsWanted(decoder.Frame, in range))
                {
                    assembler.Add(decoder.Lsn, decoder.Source, decoder.Session, decoder.Frame, decoder.Residual);
                }

                if (decoded % FramesToCancel == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
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

    /// <summary>Whether a record is of a range's slots and kinds.</summary>
    public static bool IsWanted(ReadOnlySpan<byte> frame, in ArchiveRange range)
    {
        if (range.Templates.Bits != 0 && !range.Templates.Contains(MemoryMarshal.AsRef<FrameHeader>(frame).TemplateId))
        {
            return false;
        }

        return !range.AsksForSlots || (new RecordView(Lsn.None, frame).TryGetSlot(out var slot) && range.HoldsSlots(slot, slot));
    }
}
