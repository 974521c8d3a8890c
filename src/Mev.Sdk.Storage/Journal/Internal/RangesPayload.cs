using System.Buffers.Binary;

namespace Mev.Sdk.Storage.Journal;

/// <summary>What a ranges block holds; docs/journal-format.md, "Block header".</summary>
internal static class RangesPayload
{
    public const int EntrySize = 40;

    /// <summary>Ranges carried at most; those of the longest silent sessions are left out beyond.</summary>
    public const int MaxEntries = 65_536;

    public static byte[] Write(List<(SequenceRange Range, Lsn LastLsn)> ranges)
    {
        var kept = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ranges)[Math.Max(0, ranges.Count - MaxEntries)..];
        var bytes = new byte[kept.Length * EntrySize];
        for (var i = 0; i < kept.Length; i++)
        {
            var entry = bytes.AsSpan(i * EntrySize);
            var (range, lastLsn) = kept[i];
            BinaryPrimitives.WriteUInt32LittleEndian(entry, range.SourceId);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[8..], range.SessionId);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], range.First);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[24..], range.Last);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[32..], lastLsn.Value);
        }

        return bytes;
    }

    /// <returns>The ranges, or null when it is no such list.</returns>
    public static List<(SequenceRange Range, Lsn LastLsn)>? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % EntrySize != 0)
        {
            return null;
        }

        var ranges = new List<(SequenceRange, Lsn)>(bytes.Length / EntrySize);
        for (; !bytes.IsEmpty; bytes = bytes[EntrySize..])
        {
            var range = new SequenceRange(
                BinaryPrimitives.ReadUInt32LittleEndian(bytes),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]));
            if (range.Last < range.First)
            {
                return null;
            }

            ranges.Add((range, new Lsn(BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]))));
        }

        return ranges;
    }
}
