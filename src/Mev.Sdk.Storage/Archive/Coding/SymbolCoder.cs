using System.Numerics;
using System.Runtime.CompilerServices;

namespace Mev.Sdk.Storage.Archive.Coding;

/// <summary>Adaptive binary arithmetic coding of symbols under contexts; one code for both directions, so that they cannot disagree.</summary>
/// <remarks>
/// Every method takes the value when encoding and ignores it when decoding, and returns the value either way. A context is a hash; the probabilities of
/// its decisions live in one table without check for collisions: a collision costs bits, never correctness. The coder is the carry-less one of
/// Matt Mahoney's lpaq (32 bits, bytes leave when both ends of the interval agree in them); bits without any model go to a stream of their own, which costs no arithmetic.
/// The state is a probability of 22 bits and a count of 10, moved by 1/(count + 1.6) until the count reaches its limit. Not thread-safe.
/// </remarks>
internal sealed class SymbolCoder
{
    /// <summary>Number of states is two to this.</summary>
    private const int TableBits = 20;
    private const int TableMask = (1 << TableBits) - 1;

    /// <summary>A nibble's decisions share one line of 16 states.</summary>
    private const int LineMask = TableMask & ~15;
    private const uint CountMask = 1023;
    private const uint CountLimit = 255;

    /// <summary>A state that has seen nothing: one half.</summary>
    public const uint Fresh = 1u << 31;
    private const uint LeastProbability = 24;
    private const int LongestNumber = 64;

    private static readonly int[] Rates = MakeRates();

    private readonly uint[] _states = new uint[1 << TableBits];
    private readonly double[] _costs = new double[(int)StreamKind.Count];
    private byte[] _coded = new byte[1 << 16];
    private byte[] _plain = new byte[1 << 12];
    private int _codedAt;
    private int _codedEnd;
    private int _plainAt;
    private int _plainEnd;
    private uint _low;
    private uint _high;
    private uint _value;
    private ulong _plainBits;
    private int _plainCount;

    /// <summary>Whether values are read instead of written.</summary>
    public bool IsDecoding { get; private set; }

    /// <summary>Whether the cost of every symbol is added up, which slows encoding; see <see cref="Costs"/>.</summary>
    public bool CountsCosts { get; set; }

    /// <summary>What the symbols that follow belong to, for <see cref="Costs"/>.</summary>
    public StreamKind Stream { get; set; }

    /// <summary>Bits spent on each stream since the begin, by <see cref="StreamKind"/>.</summary>
    public ReadOnlySpan<double> Costs => _costs;

    /// <summary>Adds bits that were stored elsewhere to the costs.</summary>
    public void Spend(StreamKind stream, int bits) => _costs[(int)stream] += bits;

    /// <summary>Forgets everything and starts to encode.</summary>
    public void BeginEncoding()
    {
        Reset();
        IsDecoding = false;
    }

    /// <summary>Forgets everything and starts to decode; the bytes are copied.</summary>
    public void BeginDecoding(ReadOnlySpan<byte> coded, ReadOnlySpan<byte> plain)
    {
        Reset();
        IsDecoding = true;
        _codedEnd = Take(coded, ref _coded);
        _plainEnd = Take(plain, ref _plain);
        for (var i = 0; i < sizeof(uint); i++)
        {
            _value = (_value << 8) | NextCoded();
        }
    }

    /// <summary>Ends the encoding.</summary>
    /// <param name="coded">Modelled bytes; valid until the next begin.</param>
    /// <param name="plain">Bytes of the bits without a model; valid until the next begin.</param>
    public void Finish(out ReadOnlySpan<byte> coded, out ReadOnlySpan<byte> plain)
    {
        // One byte names a point within the interval when all that follow read as zero; four make sure of it.
        for (var i = 0; i < sizeof(uint); i++)
        {
            Put((byte)(_high >> 24));
            _high <<= 8;
        }

        for (; _plainCount > 0; _plainCount -= 8)
        {
            PutPlain((byte)_plainBits);
            _plainBits >>= 8;
        }

        coded = _coded.AsSpan(0, _codedAt);
        plain = _plain.AsSpan(0, _plainAt);
    }

    /// <summary>One decision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Flag(uint context, bool value) => Bit(ref _states[Context.Of(context, 77) & TableMask], value ? 1 : 0) != 0;

    /// <summary>One decision whose state the caller keeps, next to what else it knows of the place; see <see cref="Fresh"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Flag(ref uint state, bool value) => Bit(ref state, value ? 1 : 0) != 0;

    /// <summary>A symbol of four bits whose 16 states the caller keeps.</summary>
    public int Nibble(Span<uint> states, int value)
    {
        var node = 1;
        for (var i = 3; i >= 0; i--)
        {
            node = (node * 2) + Bit(ref states[node & 15], (value >> i) & 1);
        }

        return node - 16;
    }

    /// <summary>A symbol of up to four bits.</summary>
    public int Nibble(uint context, int value, int bits = 4)
    {
        var line = (int)(Context.Of(context, 91) & LineMask);
        var node = 1;
        for (var i = bits - 1; i >= 0; i--)
        {
            node = (node * 2) + Bit(ref _states[line + node], (value >> i) & 1);
        }

        return node - (1 << bits);
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

    /// <summary>The low bits of a value without a model.</summary>
    public ulong Plain(ulong value, int bits)
    {
        if (bits > 32)
        {
            var low = Plain(value & uint.MaxValue, 32);
            return low | (Plain(value >> 32, bits - 32) << 32);
        }

        var mask = (1UL << bits) - 1;
        if (IsDecoding)
        {
            for (; _plainCount < bits; _plainCount += 8)
            {
                _plainBits |= (_plainAt < _plainEnd ? (ulong)_plain[_plainAt++] : throw new InvalidDataException("The block ends within a number.")) << _plainCount;
            }

            value = _plainBits & mask;
            _plainBits >>= bits;
            _plainCount -= bits;
            return value;
        }

        _costs[(int)Stream] += bits;
        _plainBits |= (value & mask) << _plainCount;
        for (_plainCount += bits; _plainCount >= 8; _plainCount -= 8)
        {
            PutPlain((byte)_plainBits);
            _plainBits >>= 8;
        }

        return value & mask;
    }

    private static int[] MakeRates()
    {
        var rates = new int[CountMask + 1];
        for (var i = 0; i < rates.Length; i++)
        {
            rates[i] = (int)(65536 * 10L / ((10 * i) + 16));
        }

        return rates;
    }

    private static int Take(ReadOnlySpan<byte> bytes, ref byte[] buffer)
    {
        if (buffer.Length < bytes.Length)
        {
            buffer = new byte[bytes.Length];
        }

        bytes.CopyTo(buffer);
        return bytes.Length;
    }

    private void Reset()
    {
        Array.Fill(_states, Fresh);
        Array.Clear(_costs);
        (_codedAt, _codedEnd, _plainAt, _plainEnd, _plainBits, _plainCount) = (0, 0, 0, 0, 0, 0);
        (_low, _high, _value) = (0, uint.MaxValue, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Bit(ref uint state, int bit)
    {
        var probability = Math.Clamp(state >> 16, LeastProbability, 65536 - LeastProbability);
        var middle = _low + (uint)(((ulong)(_high - _low) * probability) >> 16);
        if (IsDecoding)
        {
            bit = _value <= middle ? 1 : 0;
        }
        else if (CountsCosts)
        {
            _costs[(int)Stream] -= Math.Log2((bit != 0 ? probability : 65536 - probability) / 65536.0);
        }

        var count = state & CountMask;
        var now = (int)(state >> 10);
        if (bit != 0)
        {
            _high = middle;
            now += (int)(((long)((1 << 22) - 1 - now) * Rates[count]) >> 16);
        }
        else
        {
            _low = middle + 1;
            now -= (int)(((long)now * Rates[count]) >> 16);
        }

        state = ((uint)now << 10) | (count < CountLimit ? count + 1 : count);
        while (((_low ^ _high) & 0xFF00_0000) == 0)
        {
            Shift();
        }

        return bit;
    }

    private void Shift()
    {
        if (IsDecoding)
        {
            _value = (_value << 8) | NextCoded();
        }
        else
        {
            Put((byte)(_high >> 24));
        }

        _low <<= 8;
        _high = (_high << 8) | 255;
    }

    // A decoder reads as many bytes as the encoder wrote.
    private uint NextCoded() => _codedAt < _codedEnd ? _coded[_codedAt++] : throw new InvalidDataException("The block ends within a symbol.");

    private void Put(byte value)
    {
        if (_codedAt == _coded.Length)
        {
            Array.Resize(ref _coded, _coded.Length * 2);
        }

        _coded[_codedAt++] = value;
    }

    private void PutPlain(byte value)
    {
        if (_plainAt == _plain.Length)
        {
            Array.Resize(ref _plain, _plain.Length * 2);
        }

        _plain[_plainAt++] = value;
    }
}
