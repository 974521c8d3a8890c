using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mev.Sdk.Storage.Archive.Coding;

/// <content>
/// Probabilities and the range coder. A state is a probability of 22 bits and a count of 10, moved by 1/(count + 1.6) until the count reaches its limit. The range has 64 bits
/// and is never below 2^32: four bytes leave or come at a time. A carry goes back into the bytes that were written.
/// </content>
internal sealed partial class SymbolCoder
{
    /// <summary>A state that has seen nothing: one half.</summary>
    public const uint Fresh = 1u << 31;

    /// <summary>Number of states is two to this.</summary>
    private const int TableBits = 18;
    private const int FamilyLength = 256;
    private const int TableLength = (1 << TableBits) + ((int)FlagFamily.Count * FamilyLength);
    private const int TableMask = (1 << TableBits) - 1;

    /// <summary>A nibble's decisions share one line of 16 states.</summary>
    private const int LineMask = TableMask & ~15;
    private const int LineBytes = 64;
    private const uint Certain = (1 << 22) - 1;
    private const uint CountMask = 1023;
    private const uint CountLimit = 255;
    private const uint LeastProbability = 24;
    private const ulong LeastRange = 1UL << 32;

    /// <summary>Bytes behind the end that a decoder may look at; it never needs what they are.</summary>
    private const int Ahead = 2 * sizeof(ulong);

    private static readonly int[] Rates = MakeRates();

    // Pinned, so that the table starts at a line of the processor's cache and stays there; _table points into it for as long as this lives.
    private readonly uint[] _states = GC.AllocateUninitializedArray<uint>(TableLength + (LineBytes / sizeof(uint)), pinned: true);
    private readonly int _first;
    private readonly unsafe uint* _table;
    private byte[] _coded = new byte[1 << 16];
    private byte[] _plain = new byte[1 << 12];
    private int _codedAt;
    private int _codedEnd;
    private int _plainAt;
    private int _plainEnd;
    private ulong _range;
    private ulong _code; // encoding: the low end of the interval; decoding: how far above it the code is
    private ulong _plainBits;
    private int _plainCount;

    public unsafe SymbolCoder()
    {
        var start = (uint*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_states));
        _first = (int)((LineBytes - ((nuint)start % LineBytes)) % LineBytes) / sizeof(uint);
        _table = start + _first;
        Clear();
    }

    private Span<uint> Table => _states.AsSpan(_first, TableLength);

    /// <summary>Forgets every probability.</summary>
    public void Clear()
    {
        Table.Fill(Fresh);
        ExpectSames();
    }

    public void Copy(StateCopy copy) => copy.Table(Table);

    /// <summary>Starts to encode; with which probabilities is up to <see cref="Clear"/> and <see cref="Copy"/>.</summary>
    public void BeginEncoding()
    {
        Reset();
        IsDecoding = false;
    }

    /// <summary>Starts to decode, with the probabilities that encoding started with; the bytes are copied.</summary>
    public void BeginDecoding(ReadOnlySpan<byte> coded, ReadOnlySpan<byte> plain)
    {
        Reset();
        IsDecoding = true;
        _codedEnd = Take(coded, ref _coded);
        _plainEnd = Take(plain, ref _plain);
        _code = BinaryPrimitives.ReadUInt64BigEndian(_coded);
        _codedAt = sizeof(ulong);
    }

    /// <summary>Ends the encoding.</summary>
    /// <param name="coded">Modelled bytes; valid until the next begin.</param>
    /// <param name="plain">Bytes of the bits without a model; valid until the next begin.</param>
    public void Finish(out ReadOnlySpan<byte> coded, out ReadOnlySpan<byte> plain)
    {
        // The number within the interval that has the most zeros at its end: they need not be written.
        var free = LeastRange - 1;
        var end = _code + free;
        if (end < _code)
        {
            Carry();
        }

        _code = end & ~free;
        var last = _codedAt;
        PutHigh();
        while (_codedAt > last && _coded[_codedAt - 1] == 0)
        {
            _codedAt--;
        }

        for (; _plainCount > 0; _plainCount -= 8)
        {
            PutPlain((byte)_plainBits);
            _plainBits >>= 8;
        }

        coded = _coded.AsSpan(0, _codedAt);
        plain = _plain.AsSpan(0, _plainAt);
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

    // What was the same mostly stays the same: where nothing is known yet, as likely as it was among the last four times.
    private unsafe void ExpectSames()
    {
        const int Times = 32;
        const uint Trust = 2; // as if seen so often
        for (var family = FlagFamily.SameByte; family < FlagFamily.Reference; family++)
        {
            for (var context = 0u; context < FamilyLength; context++)
            {
                var sames = Math.Max(context % Times, 1);
                var times = BitOperations.Log2(sames);
                var hits = BitOperations.PopCount(sames) - 1;
                StateOf(family, context) = ((uint)(((5 * hits) + 2L) * (1 << 22) / ((5 * times) + 4)) << 10) | Trust;
            }
        }
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
        if (buffer.Length < bytes.Length + Ahead)
        {
            buffer = new byte[bytes.Length + Ahead];
        }

        bytes.CopyTo(buffer);
        buffer.AsSpan(bytes.Length, Ahead).Clear();
        return bytes.Length;
    }

    private void Reset()
    {
        Array.Clear(_costs);
        Array.Clear(_decisions);
        (_codedAt, _codedEnd, _plainAt, _plainEnd, _plainBits, _plainCount) = (0, 0, 0, 0, 0, 0);
        (_range, _code) = (ulong.MaxValue, 0);
    }

    // Masks keep both within the table.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe ref uint StateOf(uint hash) => ref _table[hash & TableMask];

    // The families lie behind the table; what is no family is not asked for, and every context is cut to what a family has.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe ref uint StateOf(FlagFamily family, uint context) => ref _table[(1 << TableBits) + ((uint)family * FamilyLength) + (context % FamilyLength)];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe ref uint LineOf(uint hash) => ref _table[hash & LineMask];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bound(ulong range, uint state) => (range >> 16) * Math.Clamp(state >> 16, LeastProbability, 65536 - LeastProbability);

    // Towards a target of all ones or none. The count's ten bits are an index below the length of the rates.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Toward(uint target, uint state)
    {
        var count = state & CountMask;
        var now = (int)(state >> 10);
        now += (int)((((long)target - now) * Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Rates), (nint)count)) >> 16);
        return ((uint)now << 10) | (count + ((count - CountLimit) >> 31));
    }

    private bool Decode(ref uint state)
    {
        var bound = Bound(_range, state);
        var isSet = _code < bound;
        if (isSet)
        {
            _range = bound;
            state = Toward(Certain, state);
        }
        else
        {
            _code -= bound;
            _range -= bound;
            state = Toward(0, state);
        }

        if (_range < LeastRange)
        {
            Refill();
        }

        return isSet;
    }

    private bool Encode(ref uint state, bool value)
    {
        var bound = Bound(_range, state);
        if (CountsCosts)
        {
            Cost(state, value);
        }

        if (value)
        {
            _range = bound;
            state = Toward(Certain, state);
        }
        else
        {
            var low = _code;
            _code += bound;
            _range -= bound;
            state = Toward(0, state);
            if (_code < low)
            {
                Carry();
            }
        }

        if (_range < LeastRange)
        {
            PutHigh();
        }

        return value;
    }

    // The states of a line are those of the bits read so far, behind a leading one: fewer than 16. Without branches: these bits are the ones that nobody foresees.
    private int DecodeNibble(ref uint line, int bits)
    {
        var (range, code) = (_range, _code);
        var node = 1;
        for (; bits > 0; bits--)
        {
            ref var state = ref Unsafe.Add(ref line, (nint)(uint)(node & 15));
            var bound = Bound(range, state);
            var bit = (uint)Unsafe.BitCast<bool, byte>(code < bound);
            var isSet = 0UL - bit;
            range = (bound & isSet) | ((range - bound) & ~isSet);
            code -= bound & ~isSet;
            state = Toward((uint)isSet & Certain, state);
            node = (node * 2) + (int)bit;
            if (range < LeastRange)
            {
                (_range, _code) = (range, code);
                Refill();
                (range, code) = (_range, _code);
            }
        }

        (_range, _code) = (range, code);
        return node - (1 << BitOperations.Log2((uint)node));
    }

    private int EncodeNibble(ref uint line, int value, int bits)
    {
        var node = 1;
        for (var i = bits - 1; i >= 0; i--)
        {
            var bit = (value >> i) & 1;
            Encode(ref Unsafe.Add(ref line, (nint)(uint)(node & 15)), bit != 0);
            node = (node * 2) + bit;
        }

        return node - (1 << bits);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Cost(uint state, bool value)
    {
        var probability = Math.Clamp(state >> 16, LeastProbability, 65536 - LeastProbability);
        _decisions[(int)Stream]++;
        _costs[(int)Stream] -= Math.Log2((value ? probability : 65536 - probability) / 65536.0);
    }

    // What lies behind the end reads as zeros: an encoder does not write those.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Refill()
    {
        if (_codedAt > _codedEnd + sizeof(ulong))
        {
            throw new InvalidDataException("The block ends within a symbol.");
        }

        _code = (_code << 32) | BinaryPrimitives.ReadUInt32BigEndian(_coded.AsSpan(_codedAt));
        _range <<= 32;
        _codedAt += sizeof(uint);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PutHigh()
    {
        if (_coded.Length - _codedAt < sizeof(ulong))
        {
            Array.Resize(ref _coded, _coded.Length * 2);
        }

        BinaryPrimitives.WriteUInt32BigEndian(_coded.AsSpan(_codedAt), (uint)(_code >> 32));
        _codedAt += sizeof(uint);
        _code <<= 32;
        _range <<= 32;
    }

    // There is always a byte that takes it: the number coded is below one.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Carry()
    {
        var at = _codedAt - 1;
        while (++_coded[at] == 0)
        {
            at--;
        }
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
