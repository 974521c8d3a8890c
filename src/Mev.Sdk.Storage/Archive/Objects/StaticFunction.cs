namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>A function from hashes to values that keeps no hashes: three slots of an array, combined by exclusive or, are the value.</summary>
/// <remarks>
/// Built by peeling (Majewski, Wormald, Havas, Czech, "A family of perfect hashing methods", 1996): 1.23 slots a key, and a few more for small sets. For a hash that was not put in, the value is arbitrary.
/// Slots and their number are part of the format.
/// </remarks>
internal static class StaticFunction
{
    /// <summary>Keys for which a segment still gets its 21 bits of the hash evenly.</summary>
    public const int MaxKeys = 1 << 20;

    private const int SegmentBits = 21;
    private const ulong SegmentMask = (1UL << SegmentBits) - 1;

    public static int SlotsOf(int keys) => 3 * Segment(keys);

    /// <summary>The three slots of a hash.</summary>
    public static (int First, int Second, int Third) Slots(ulong hash, byte seed, int keys)
    {
        var segment = (ulong)Segment(keys);
        var mixed = SignatureHash.Mix(hash + (seed * 0x9E37_79B9_7F4A_7C15UL));
        return ((int)(((mixed & SegmentMask) * segment) >> SegmentBits),
            (int)(segment + ((((mixed >> SegmentBits) & SegmentMask) * segment) >> SegmentBits)),
            (int)((2 * segment) + ((((mixed >> (2 * SegmentBits)) & SegmentMask) * segment) >> SegmentBits)));
    }

    /// <summary>Finds slots that give each hash its value.</summary>
    /// <param name="hashes">All different.</param>
    /// <param name="values">As many values.</param>
    /// <param name="slots">Gets <see cref="SlotsOf"/> values.</param>
    /// <returns>The seed that the slots were spread by.</returns>
    /// <exception cref="InvalidOperationException">No seed does: two hashes are the same.</exception>
    public static byte Build(ReadOnlySpan<ulong> hashes, ReadOnlySpan<ulong> values, Span<ulong> slots)
    {
        for (var seed = 0; seed <= byte.MaxValue; seed++)
        {
            if (TryBuild(hashes, values, (byte)seed, slots))
            {
                return (byte)seed;
            }
        }

        throw new InvalidOperationException("A shard of the signature index cannot be built: two hashes are the same.");
    }

    private static int Segment(int keys) => (int)(((long)keys * 41 / 100) + 11);

    private static bool TryBuild(ReadOnlySpan<ulong> hashes, ReadOnlySpan<ulong> values, byte seed, Span<ulong> slots)
    {
        // Of each slot: how many keys use it, and the exclusive or of their numbers, which is the number itself once it is alone.
        var counts = new int[slots.Length];
        var keys = new int[slots.Length];
        for (var i = 0; i < hashes.Length; i++)
        {
            var (first, second, third) = Slots(hashes[i], seed, hashes.Length);
            (counts[first], counts[second], counts[third]) = (counts[first] + 1, counts[second] + 1, counts[third] + 1);
            (keys[first], keys[second], keys[third]) = (keys[first] ^ i, keys[second] ^ i, keys[third] ^ i);
        }

        var order = new (int Key, int Slot)[hashes.Length];
        var alone = new Stack<int>(Enumerable.Range(0, slots.Length).Where(slot => counts[slot] == 1));
        var done = 0;
        while (alone.TryPop(out var slot))
        {
            if (counts[slot] != 1)
            {
                continue;
            }

            var key = keys[slot];
            order[done++] = (key, slot);
            var (first, second, third) = Slots(hashes[key], seed, hashes.Length);
            Remove(first);
            Remove(second);
            Remove(third);

            void Remove(int used)
            {
                keys[used] ^= key;
                if (--counts[used] == 1)
                {
                    alone.Push(used);
                }
            }
        }

        if (done < hashes.Length)
        {
            return false;
        }

        slots.Clear();
        while (done > 0)
        {
            var (key, slot) = order[--done];
            var (first, second, third) = Slots(hashes[key], seed, hashes.Length);
            slots[slot] = values[key] ^ slots[first] ^ slots[second] ^ slots[third];
        }

        return true;
    }
}
