using Mev.Sdk.Storage.Archive.Coding;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>Writes and reads the blocks' index: a column a field, differences from block to block; docs/archive-format.md, "Blocks' index".</summary>
internal static class BlockIndex
{
    /// <summary>Most frame bytes of a block, see <see cref="BlockCodec.MaxRawBytes"/>.</summary>
    private const long MaxFrameBytes = BlockCodec.MaxRawBytes;

    private delegate void Column(ref ObjectBlock block, in ObjectBlock before);

    public static byte[] Write(ReadOnlySpan<ObjectBlock> blocks)
    {
        var output = new ByteArena();
        NumberWriter.Number(output, (ulong)blocks.Length);
        Each(blocks, (ref block, in before) => NumberWriter.Signed(output, block.StoredLength - (long)before.StoredLength));
        Each(blocks, (ref block, in _) => NumberWriter.Fixed32(output, block.Crc32C));
        Each(blocks, (ref block, in before) => NumberWriter.Signed(output, block.Frames - (long)before.Frames));
        Each(blocks, (ref block, in before) => NumberWriter.Signed(output, block.Transactions - (long)before.Transactions));
        Each(blocks, (ref block, in before) => NumberWriter.Signed(output, block.FrameBytes - before.FrameBytes));
        Each(blocks, (ref block, in before) => NumberWriter.Number(output, block.FirstLsn - before.LastLsn));
        Each(blocks, (ref block, in _) => NumberWriter.Number(output, block.LastLsn - block.FirstLsn));
        Each(blocks, (ref block, in before) => NumberWriter.Signed(output, (long)(block.FirstSlot - before.FirstSlot)));
        Each(blocks, (ref block, in _) => NumberWriter.Number(output, block.LastSlot - block.FirstSlot));
        Each(blocks, (ref block, in before) => NumberWriter.Number(output, block.Kinds ^ before.Kinds));
        Each(blocks, (ref block, in _) => NumberWriter.Fixed64(output, block.Digest));
        return output.Written.ToArray();
    }

    /// <summary>Reads the index of an object.</summary>
    /// <exception cref="SectionDamageException">It contradicts itself or the directory.</exception>
    public static ObjectBlock[] Parse(ReadOnlySpan<byte> bytes, ObjectDirectory directory)
    {
        var reader = new NumberReader(bytes);
        var count = reader.Count(ObjectFormat.MaxBlocks);

        // Every block has at least 21 bytes: what is not there is not allocated.
        if (count != directory.Blocks || count > bytes.Length)
        {
            throw new SectionDamageException($"it has {count} blocks, the directory {directory.Blocks}");
        }

        var blocks = new ObjectBlock[count];
        var previous = default(ObjectBlock);
        for (var i = 0; i < count; i++)
        {
            previous.StoredLength = blocks[i].StoredLength = Within(previous.StoredLength + reader.Signed(), ObjectFormat.MaxSectionBytes);
        }

        foreach (ref var block in blocks.AsSpan())
        {
            block.Crc32C = reader.Fixed32();
        }

        for (var i = 0; i < count; i++)
        {
            previous.Frames = blocks[i].Frames = Within(previous.Frames + reader.Signed(), int.MaxValue);
        }

        for (var i = 0; i < count; i++)
        {
            previous.Transactions = blocks[i].Transactions = Within(previous.Transactions + reader.Signed(), blocks[i].Frames);
        }

        for (var i = 0; i < count; i++)
        {
            previous.FrameBytes = blocks[i].FrameBytes = Within(previous.FrameBytes + reader.Signed(), (int)MaxFrameBytes);
        }

        Span<ulong> firstLsns = new ulong[count];
        foreach (ref var difference in firstLsns)
        {
            difference = reader.Number();
        }

        for (var i = 0; i < count; i++)
        {
            ref var block = ref blocks[i];
            block.FirstLsn = previous.LastLsn + firstLsns[i];
            block.LastLsn = previous.LastLsn = block.FirstLsn + reader.Number();
        }

        for (var i = 0; i < count; i++)
        {
            previous.FirstSlot = blocks[i].FirstSlot = previous.FirstSlot + (ulong)reader.Signed();
        }

        foreach (ref var block in blocks.AsSpan())
        {
            block.LastSlot = block.FirstSlot + reader.Number();
        }

        for (var i = 0; i < count; i++)
        {
            previous.Kinds = blocks[i].Kinds = previous.Kinds ^ reader.Number();
        }

        foreach (ref var block in blocks.AsSpan())
        {
            block.Digest = reader.Fixed64();
        }

        Place(blocks, directory);
        return reader.IsAtEnd ? blocks : throw new SectionDamageException($"{reader.Left} bytes follow its columns");
    }

    /// <summary>The first block that ends at an LSN or behind it; the count when there is none.</summary>
    public static int Find(ReadOnlySpan<ObjectBlock> blocks, ulong lsn)
    {
        var (low, high) = (0, blocks.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (blocks[middle].LastLsn < lsn)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    // Offsets follow from the lengths; the sums must be those of the directory.
    private static void Place(ObjectBlock[] blocks, ObjectDirectory directory)
    {
        var (offset, frames, bytes, transactions) = ((long)ObjectFormat.HeaderSize, 0L, 0L, 0L);
        var (firstSlot, lastSlot) = (0UL, 0UL);
        var after = 0UL;
        for (var i = 0; i < blocks.Length; i++)
        {
            ref var block = ref blocks[i];
            block.Offset = offset;
            offset += block.StoredLength;
            (frames, bytes, transactions) = (frames + block.Frames, bytes + block.FrameBytes, transactions + block.Transactions);
            if (block.Frames == 0 || block.StoredLength == 0 || block.FirstLsn > block.LastLsn || (i > 0 && block.FirstLsn <= after) || block.FirstSlot > block.LastSlot || (block.FirstSlot == 0 && block.LastSlot != 0))
            {
                throw new SectionDamageException($"what it says of block {i} contradicts itself");
            }

            after = block.LastLsn;
            if (block.LastSlot != 0)
            {
                (firstSlot, lastSlot) = (firstSlot == 0 ? block.FirstSlot : Math.Min(firstSlot, block.FirstSlot), Math.Max(lastSlot, block.LastSlot));
            }
        }

        var end = directory.RootCopy.Length > 0 ? directory.RootCopy.Offset : directory.BlockIndex.Offset;
        if (offset != end
            || blocks[0].Place != directory.Root
            || blocks[0].FirstLsn != directory.FirstLsn
            || after != directory.LastLsn
            || (frames, bytes, transactions) != (directory.Frames, directory.FrameBytes, directory.Transactions)
            || (firstSlot, lastSlot) != (directory.FirstSlot, directory.LastSlot))
        {
            throw new SectionDamageException("its sums are not those of the directory");
        }
    }

    private static void Each(ReadOnlySpan<ObjectBlock> blocks, Column write)
    {
        var before = default(ObjectBlock);
        foreach (var block in blocks)
        {
            var current = block;
            write(ref current, in before);
            before = current;
        }
    }

    private static int Within(long value, int most) => value >= 0 && value <= most ? (int)value : throw new SectionDamageException($"a length of {value} where at most {most} can be");
}
