using System.Buffers.Binary;
using System.Numerics;

namespace Mev.Sdk;

/// <summary>Base58 of a fixed number of bytes by one table multiplication instead of long division.</summary>
/// <remarks>
/// The value is the sum of 32-bit limbs times powers of 2^32, and each such power is written once, at start-up, in base 58^5. Multiplying the
/// limbs by that table and carrying once gives all digits in groups of five. The idea is that of Firedancer's fd_base58; a 64-bit
/// column sum holds at most eight products (8 * 2^32 * 58^5 &lt; 2^64.3, and the largest column of each table is checked at start-up), so
/// the carry is taken after every eight limbs.
/// </remarks>
internal sealed class Base58Fixed
{
    private const int GroupDigits = 5;
    private const uint GroupBase = 58 * 58 * 58 * 58 * 58;
    private const int LimbsPerCarry = 8;

    private readonly int _size;
    private readonly int _limbs;
    private readonly int _groups;
    private readonly uint[] _table; // [limb, group], most significant first

    private Base58Fixed(int size)
    {
        _size = size;
        _limbs = size / sizeof(uint);
        _groups = (int)Math.Ceiling(size * 8 / (Math.Log2(58) * GroupDigits));
        _table = new uint[_limbs * _groups];
        for (var limb = 0; limb < _limbs; limb++)
        {
            var weight = BigInteger.Pow(2, 32 * (_limbs - 1 - limb));
            for (var group = _groups - 1; group >= 0; group--)
            {
                weight = BigInteger.DivRem(weight, GroupBase, out var digit);
                _table[(limb * _groups) + group] = (uint)digit;
            }
        }

        CheckColumns();
    }

    public static Base58Fixed Tables32 { get; } = new(32);

    public static Base58Fixed Tables64 { get; } = new(64);

    public static int Encode(Base58Fixed tables, ReadOnlySpan<byte> source, Span<byte> utf8Destination)
    {
        var maxLength = tables._size == 32 ? Pubkey.MaxTextLength : Signature.MaxTextLength;
        if (source.Length != tables._size || utf8Destination.Length < maxLength)
        {
            throw new ArgumentException($"Needs {tables._size} bytes and room for {maxLength} characters, got {source.Length} and {utf8Destination.Length}.");
        }

        Span<ulong> sums = stackalloc ulong[18];
        sums = sums[..tables._groups];
        sums.Clear();
        tables.Multiply(source, sums);

        Span<byte> text = stackalloc byte[18 * GroupDigits];
        for (var group = 0; group < sums.Length; group++)
        {
            var value = (uint)sums[group];
            var digits = text.Slice(group * GroupDigits, GroupDigits);
            for (var i = GroupDigits - 1; i >= 0; i--)
            {
                (value, var digit) = Math.DivRem(value, 58u);
                digits[i] = Base58.CharacterOf(digit);
            }
        }

        text = text[..(sums.Length * GroupDigits)];
        var zeroBytes = source.IndexOfAnyExcept((byte)0);
        zeroBytes = zeroBytes < 0 ? source.Length : zeroBytes;
        var zeroDigits = text.IndexOfAnyExcept((byte)'1');
        zeroDigits = zeroDigits < 0 ? text.Length : zeroDigits;
        var result = text[(zeroDigits - zeroBytes)..];
        result.CopyTo(utf8Destination);
        return result.Length;
    }

    private void Multiply(ReadOnlySpan<byte> source, Span<ulong> sums)
    {
        for (var limb = 0; limb < _limbs; limb++)
        {
            ulong value = BinaryPrimitives.ReadUInt32BigEndian(source[(limb * sizeof(uint))..]);
            var row = _table.AsSpan(limb * _groups, _groups);
            for (var group = 0; group < sums.Length; group++)
            {
                sums[group] += value * row[group];
            }

            if ((limb + 1) % LimbsPerCarry == 0)
            {
                Carry(sums);
            }
        }
    }

    private static void Carry(Span<ulong> sums)
    {
        for (var group = sums.Length - 1; group > 0; group--)
        {
            sums[group - 1] += sums[group] / GroupBase;
            sums[group] %= GroupBase;
        }
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
                    sum += new BigInteger(_table[(limb * _groups) + group]) * uint.MaxValue;
                }

                if (sum >> 64 != 0)
                {
                    throw new InvalidOperationException($"Column {group} of the {_size}-byte base58 table can overflow.");
                }
            }
        }
    }
}
