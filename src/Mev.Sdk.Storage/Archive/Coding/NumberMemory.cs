namespace Mev.Sdk.Storage.Archive.Coding;

/// <summary>Codes numbers that are often what they were the last time in the same place.</summary>
internal sealed class NumberMemory(SymbolCoder coder)
{
    private const int Bits = 14;

    private readonly Place[] _places = new Place[1 << Bits];

    public void Clear() => Array.Clear(_places);

    public void Copy(StateCopy copy) => copy.Table(_places.AsSpan());

    /// <summary>A number that is the last one of its place, or any.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="kind">What kind of number it is, for what all places share.</param>
    /// <param name="value">The number.</param>
    /// <param name="modelled">Bits behind the leading one that are modelled.</param>
    public ulong Number(uint place, uint kind, ulong value, int modelled = 3)
    {
        ref var memory = ref At(place, out var isKnown);
        if (!isKnown)
        {
            return memory.Last = coder.Number(Context.Of(kind, 1), value, modelled);
        }

        if (coder.Flag(Context.Of(kind, 2, memory.Confidence), value == memory.Last))
        {
            memory.Confidence = Guess.Raise(memory.Confidence);
            return memory.Last;
        }

        memory.Confidence /= 2;
        if (memory.HasOther && coder.Flag(Context.Of(kind, 5), value == memory.Other))
        {
            memory.Swap();
            return memory.Last;
        }

        memory.Follow(coder.Number(Context.Of(place, 3), value, modelled));
        return memory.Last;
    }

    /// <summary>A count from 0 to <paramref name="most"/> that is the last one of its place, or any.</summary>
    /// <exception cref="InvalidDataException">The archive says more.</exception>
    public int Count(uint place, uint kind, int value, int most)
    {
        var count = Number(place, kind, (ulong)value, 16);
        return count <= (ulong)most ? (int)count : throw new InvalidDataException($"A count of {count} where at most {most} can be.");
    }

    /// <summary>A signed number that is the last one of its place, or near it.</summary>
    public long Near(uint place, uint kind, long value)
    {
        ref var memory = ref At(place, out var isKnown);
        if (!isKnown)
        {
            memory.Last = (ulong)coder.Signed(Context.Of(kind, 1), value, 4);
        }
        else if (coder.Flag(Context.Of(kind, 2, memory.Confidence), value == (long)memory.Last))
        {
            memory.Confidence = Guess.Raise(memory.Confidence);
        }
        else
        {
            memory.Confidence /= 2;
            if (memory.HasOther && coder.Flag(Context.Of(kind, 5), value == (long)memory.Other))
            {
                memory.Swap();
            }
            else
            {
                memory.Follow(memory.Last + (ulong)coder.Signed(Context.Of(kind, 4), value - (long)memory.Last, 4));
            }
        }

        return (long)memory.Last;
    }

    private ref Place At(uint place, out bool isKnown)
    {
        ref var memory = ref _places[(place * 0x9E3779B1u) >> (32 - Bits)];
        isKnown = memory.Name == place && memory.IsSet;
        if (!isKnown)
        {
            memory = new Place { Name = place, IsSet = true };
        }

        return ref memory;
    }

    private struct Place
    {
        public ulong Last;

        /// <summary>What it was before it was the last: many places have two.</summary>
        public ulong Other;
        public uint Name;
        public byte Confidence;
        public bool IsSet;
        public bool HasOther;

        public void Swap() => (Last, Other) = (Other, Last);

        public void Follow(ulong value) => (Last, Other, HasOther) = (value, Last, true);
    }
}
