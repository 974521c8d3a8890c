using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Mev.Sdk;

/// <summary>Base58 of a fixed number of bytes by one table multiplication instead of long division.</summary>
/// <remarks>
/// The value is the sum of 32-bit limbs times powers of 2^32, and each such power is written once, at start-up, in base 58^5. Multiplying the
/// limbs by that table and carrying once gives all digits in groups of five. The idea is that of Firedancer's fd_base58; a 64-bit
/// column sum holds at most eight products (8 * 2^32 * 58^5 &lt; 2^64.3, and the largest column of each table is checked at start-up), so
/// the carry is taken after every eight limbs. Four columns are summed a step where the processor multiplies four 32-bit numbers at once (AVX2);
/// the columns that pad the table to such steps hold zeros. Within a group every digit is one quotient less 58 times the next, and the quotients
/// do not wait for each other.
/// </remarks>
internal sealed class Base58Fixed
{
    private const int GroupDigits = 5;
    private const uint GroupBase = 58 * 58 * 58 * 58 * 58;
    private const int LimbsPerCarry = 8;
    private const int MaxColumns = 20;
    private const int MaxText = 18 * GroupDigits;

    // Two digits as two characters, least significant byte first: 58^2 entries.
    private static readonly ushort[] Pairs = MakePairs();

    private readonly int _size;
    private readonly int _limbs;
    private readonly int _groups;
    private readonly int _columns; // groups, rounded up to whole vectors
    private readonly ulong[] _table; // [limb, column], most significant first, each below 2^32

    private Base58Fixed(int size)
    {
        _size = size;
        _limbs = size / sizeof(uint);
        _groups = (int)Math.Ceiling(size * 8 / (Math.Log2(58) * GroupDigits));
        _columns = (_groups + Vector256<ulong>.Count - 1) / Vector256<ulong>.Count * Vector256<ulong>.Count;
        _table = new ulong[_limbs * _columns];
        for (var limb = 0; limb < _limbs; limb++)
        {
            var weight = BigInteger.Pow(2, 32 * (_limbs - 1 - limb));
            for (var group = _groups - 1; group >= 0; group--)
            {
                weight = BigInteger.DivRem(weight, GroupBase, out var digit);
                _table[(limb * _columns) + group] = (ulong)digit;
            }
        }

        CheckColumns();
    }

    public static Base58Fixed Tables32 { get; } = new(32);

    public static Base58Fixed Tables64 { get; } = new(64);

    /// <summary>Encodes.</summary>
    /// <param name="tables">The tables for the source's size.</param>
    /// <param name="source">Exactly as many bytes as the tables are for.</param>
    /// <param name="utf8Destination">Room for the longest text of that size.</param>
    /// <param name="vectors">False to sum column by column even where the processor has vectors: the twin that tests compare with.</param>
    /// <returns>Characters written.</returns>
    [SkipLocalsInit] // all of both buffers is written before it is read
    public static int Encode(Base58Fixed tables, ReadOnlySpan<byte> source, Span<byte> utf8Destination, bool vectors = true)
    {
        var maxLength = tables._size == 32 ? Pubkey.MaxTextLength : Signature.MaxTextLength;
        if (source.Length != tables._size || utf8Destination.Length < maxLength)
        {
            throw new ArgumentException($"Needs {tables._size} bytes and room for {maxLength} characters, got {source.Length} and {utf8Destination.Length}.");
        }

        Span<ulong> sums = stackalloc ulong[MaxColumns];
        sums = sums[..tables._columns];
        sums.Clear();
        for (var limb = 0; limb < tables._limbs; limb += LimbsPerCarry)
        {
            if (vectors && Avx2.IsSupported)
            {
                tables.AddVectors(source, limb, sums);
            }
            else
            {
                tables.Add(source, limb, sums);
            }

            Carry(sums[..tables._groups]);
        }

        Span<byte> buffer = stackalloc byte[MaxText];
        var text = buffer[..(tables._groups * GroupDigits)];
        WriteDigits(sums[..tables._groups], text);
        var zeroBytes = source[0] != 0 ? 0 : source.IndexOfAnyExcept((byte)0);
        zeroBytes = zeroBytes < 0 ? source.Length : zeroBytes;
        var zeroDigits = text.IndexOfAnyExcept((byte)'1');
        zeroDigits = zeroDigits < 0 ? text.Length : zeroDigits;
        var result = text[(zeroDigits - zeroBytes)..];
        result.CopyTo(utf8Destination);
        return result.Length;
    }

    private static void WriteDigits(ReadOnlySpan<ulong> sums, Span<byte> text)
    {
        ref var pairs = ref MemoryMarshal.GetArrayDataReference(Pairs);
        for (var group = 0; group < sums.Length; group++)
        {
            var value = (uint)sums[group];
            var high = value / (58 * 58 * 58); // two digits
            var middle = value / 58; // four digits
            var digits = text.Slice(group * GroupDigits, GroupDigits);

            // Indices are below 58^2 because the group is below 58^5.
            BinaryPrimitives.WriteUInt16LittleEndian(digits, Unsafe.Add(ref pairs, high));
            BinaryPrimitives.WriteUInt16LittleEndian(digits[2..], Unsafe.Add(ref pairs, middle - (high * 58 * 58)));
            digits[4] = Base58.CharacterOf(value - (middle * 58));
        }
    }

    private void Add(ReadOnlySpan<byte> source, int first, Span<ulong> sums)
    {
        for (var limb = first; limb < first + LimbsPerCarry; limb++)
        {
            ulong value = BinaryPrimitives.ReadUInt32BigEndian(source[(limb * sizeof(uint))..]);
            var row = _table.AsSpan(limb * _columns, _columns);
            for (var column = 0; column < sums.Length; column++)
            {
                sums[column] += value * row[column];
            }
        }
    }

    private void AddVectors(ReadOnlySpan<byte> source, int first, Span<ulong> sums)
    {
        var limbs = Limbs(source, first);
        for (var column = 0; column < sums.Length; column += Vector256<ulong>.Count)
        {
            // Eight products a column; the table's rows are _columns apart.
            var sum = Vector256.Create<ulong>(sums.Slice(column, Vector256<ulong>.Count));
            ref var row = ref _table[(first * _columns) + column];
            for (var limb = 0; limb < LimbsPerCarry; limb++)
            {
                var factor = Vector256.LoadUnsafe(ref row, (nuint)(limb * _columns));
                sum += Avx2.Multiply(factor.AsUInt32(), Vector256.Create((ulong)limbs[limb]).AsUInt32());
            }

            sum.CopyTo(sums[column..]);
        }
    }

    private static EightLimbs Limbs(ReadOnlySpan<byte> source, int first)
    {
        var limbs = default(EightLimbs);
        for (var i = 0; i < LimbsPerCarry; i++)
        {
            limbs[i] = BinaryPrimitives.ReadUInt32BigEndian(source[((first + i) * sizeof(uint))..]);
        }

        return limbs;
    }

    private static void Carry(Span<ulong> sums)
    {
        ulong carry = 0;
        for (var group = sums.Length - 1; group > 0; group--)
        {
            var sum = sums[group] + carry;
            carry = sum / GroupBase;
            sums[group] = sum - (carry * GroupBase);
        }

        sums[0] += carry;
    }

    // Proves, for this table, that no column sum can overflow 64 bits before the next carry.
    private void CheckColumns()
    {
        for (var start = 0; start < _limbs; start += LimbsPerCarry)
        {
            // A column takes at most the carry of its right neighbour, which is below 2^64 / 58^5.
            var carryIn = (BigInteger.One << 64) / GroupBase;
            for (var group = 0; group < _groups; group++)
            {
                var sum = carryIn + GroupBase;
                for (var limb = start; limb < start + LimbsPerCarry; limb++)
                {
                    sum += new BigInteger(_table[(limb * _columns) + group]) * uint.MaxValue;
                }

                if (sum >> 64 != 0)
                {
                    throw new InvalidOperationException($"Column {group} of the {_size}-byte base58 table can overflow.");
                }
            }
        }
    }

    private static ushort[] MakePairs()
    {
        var pairs = new ushort[58 * 58];
        for (uint i = 0; i < pairs.Length; i++)
        {
            pairs[i] = (ushort)(Base58.CharacterOf(i / 58) | (Base58.CharacterOf(i % 58) << 8));
        }

        return pairs;
    }

    [InlineArray(LimbsPerCarry)]
    private struct EightLimbs
    {
        private uint _first;
    }
}
