using System.Numerics;
using System.Runtime.CompilerServices;

namespace Mev.Sdk.Storage.Archive.Coding;

/// <summary>Adaptive binary arithmetic coding of symbols under contexts; one code for both directions, so that they cannot disagree.</summary>
/// <remarks>
/// Every method takes the value when encoding and ignores it when decoding, and returns the value either way. A context is a hash; the probabilities of
/// its decisions live in one table without check for collisions: a collision costs bits, never correctness. Bits without any model go to a stream of their own, which costs no arithmetic.
/// Not thread-safe.
/// </remarks>
internal sealed partial class SymbolCoder
{
    private const int LongestNumber = 64;

    private readonly double[] _costs = new double[(int)StreamKind.Count];
    private readonly int[] _decisions = new int[(int)StreamKind.Count];

    /// <summary>Whether values are read instead of written.</summary>
    public bool IsDecoding { get; private set; }

    /// <summary>Whether the cost of every symbol is added up, which slows encoding; see <see cref="Costs"/>.</summary>
    public bool CountsCosts { get; set; }

    /// <summary>What the symbols that follow belong to, for <see cref="Costs"/>.</summary>
    public StreamKind Stream { get; set; }

    /// <summary>Bits spent on each stream since the begin, by <see cref="StreamKind"/>.</summary>
    public ReadOnlySpan<double> Costs => _costs;

    /// <summary>Decisions made for each stream since the begin: they are what coding takes time for. Counted only with the costs.</summary>
    public ReadOnlySpan<int> Decisions => _decisions;

    /// <summary>Adds bits that were stored elsewhere to the costs.</summary>
    public void Spend(StreamKind stream, int bits) => _costs[(int)stream] += bits;

    /// <summary>One decision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Flag(uint context, bool value) => Flag(ref StateOf(Context.Of(context, 77)), value);

    /// <summary>One decision of a family, under a context below 256.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Flag(FlagFamily family, uint context, bool value) => Flag(ref StateOf(family, context), value);

    /// <summary>One decision whose state the caller keeps, next to what else it knows of the place; see <see cref="Fresh"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Flag(ref uint state, bool value) => IsDecoding ? Decode(ref state) : Encode(ref state, value);

    /// <summary>A symbol of four bits whose 16 states the caller keeps.</summary>
    public int Nibble(Span<uint> states, int value) => IsDecoding ? DecodeNibble(ref states[..16][0], 4) : EncodeNibble(ref states[..16][0], value, 4);

    /// <summary>A symbol of up to four bits.</summary>
    public int Nibble(uint context, int value, int bits = 4)
    {
        ref var line = ref LineOf(Context.Of(context, 91));
        return IsDecoding ? DecodeNibble(ref line, bits) : EncodeNibble(ref line, value, bits);
    }

    /// <summary>A byte.</summary>
    public byte Byte(uint context, byte value)
    {
        var high = Nibble(context, value >> 4);
        return (byte)((high << 4) | Nibble(Context.Of(context, (uint)high + 1000), value & 15));
    }

    /// <summary>A symbol of any number of bits up to 31, most significant first, every one under a model.</summary>
    public int Symbol(uint context, int value, int bits)
    {
        var done = 0;
        var under = context;
        while (bits > 0)
        {
            var width = Math.Min(4, bits);
            bits -= width;
            done = (done << width) | Nibble(under, (value >> bits) & ((1 << width) - 1), width);
            under = Context.Of(context, (uint)done + ((uint)width * 7_777_777));
        }

        return done;
    }

    /// <summary>A number: its length under a model, then its leading bits, the rest plain.</summary>
    /// <param name="context">What is known.</param>
    /// <param name="value">The number.</param>
    /// <param name="modelled">Bits behind the leading one that are modelled.</param>
    public ulong Number(uint context, ulong value, int modelled = 3)
    {
        var length = Symbol(Context.Of(context, 5), LongestNumber - BitOperations.LeadingZeroCount(value), 7);
        if (length <= 1)
        {
            return (ulong)length;
        }

        if (length > LongestNumber)
        {
            throw new InvalidDataException("A number has more than 64 bits.");
        }

        var left = length - 1;
        var width = Math.Min(left, modelled);
        left -= width;
        var number = 1UL << width | (uint)Symbol(Context.Of(context, (uint)length, 9), (int)(value >> left) & ((1 << width) - 1), width);
        return left == 0 ? number : (number << left) | Plain(value, left);
    }

    /// <summary>A signed number, small ones of either sign short.</summary>
    public long Signed(uint context, long value, int modelled = 3)
    {
        var folded = Number(context, (ulong)((value << 1) ^ (value >> 63)), modelled);
        return (long)(folded >> 1) ^ -(long)(folded & 1);
    }

    /// <summary>A count from 0 to <paramref name="most"/>, wholly under a model.</summary>
    /// <exception cref="InvalidDataException">The archive says more.</exception>
    public int Count(uint context, int value, int most)
    {
        var count = Number(context, (ulong)value, 16);
        return count <= (ulong)most ? (int)count : throw new InvalidDataException($"A count of {count} where at most {most} can be.");
    }
}
