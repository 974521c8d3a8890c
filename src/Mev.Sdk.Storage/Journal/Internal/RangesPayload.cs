using System.Buffers.Binary;

namespace Mev.Sdk.Storage.Journal;

/// <summary>What a ranges block holds; docs/journal-format.md, "Block header".</summary>
internal static class RangesPayload
{
    public const int EntrySize = 40;

    /// <summary>Ranges carried at most; <see cref="Choose"/> says which.</summary>
    public const int MaxEntries = 65_536;

    /// <param name="ranges">Session by session, most recent last, the ranges of each ascending.</param>
    public static byte[] Write(List<(SequenceRange Range, Lsn LastLsn)> ranges)
    {
        var kept = Choose(ranges);
        var bytes = new byte[kept.Count * EntrySize];
        for (var i = 0; i < kept.Count; i++)
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

    /// <summary>
    /// Chooses what is carried when not all can be: the position of every source's latest session, then of the latest sessions, then the ranges of these, the greatest
    /// first. So no stream, however many holes or sessions it has, makes the log forget where another one is.
    /// </summary>
    private static List<(SequenceRange Range, Lsn LastLsn)> Choose(List<(SequenceRange Range, Lsn LastLsn)> ranges)
    {
        if (ranges.Count <= MaxEntries)
        {
            return ranges;
        }

        var sessions = Sessions(ranges);
        var kept = new int[sessions.Count];
        var left = MaxEntries;
        var sources = new HashSet<uint>();
        for (var i = sessions.Count - 1; i >= 0 && left > 0; i--)
        {
            kept[i] = sources.Add(ranges[sessions[i].Start].Range.SourceId) ? 1 : 0;
            left -= kept[i];
        }

        for (var i = sessions.Count - 1; i >= 0 && left > 0; i--)
        {
            left -= 1 - kept[i];
            kept[i] = 1;
        }

        for (var i = sessions.Count - 1; i >= 0 && left > 0; i--)
        {
            var more = Math.Min(left, sessions[i].Count - 1);
            left -= more;
            kept[i] += more;
        }

        var chosen = new List<(SequenceRange, Lsn)>(MaxEntries);
        for (var i = 0; i < sessions.Count; i++)
        {
            chosen.AddRange(ranges.GetRange(sessions[i].Start + sessions[i].Count - kept[i], kept[i]));
        }

        return chosen;
    }

    private static List<(int Start, int Count)> Sessions(List<(SequenceRange Range, Lsn LastLsn)> ranges)
    {
        var sessions = new List<(int Start, int Count)>();
        for (int start = 0, at = 1; at <= ranges.Count; at++)
        {
            if (at == ranges.Count || (ranges[at].Range.SourceId, ranges[at].Range.SessionId) != (ranges[start].Range.SourceId, ranges[start].Range.SessionId))
            {
                sessions.Add((start, at - start));
                start = at;
            }
        }

        return sessions;
    }
}
