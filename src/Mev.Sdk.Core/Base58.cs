using System.Runtime.CompilerServices;

namespace Mev.Sdk;

/// <summary>Base58 with Bitcoin's alphabet, as Solana writes keys, signatures and instruction data.</summary>
/// <remarks>
/// Keys and signatures take fixed-size paths. Other data takes a general path that is quadratic in length and meant for what a transaction can
/// hold. Every leading zero byte is a leading '1'. All members are thread-safe and allocate nothing unless they say so.
/// </remarks>
public static class Base58
{
    private const int GroupDigits = 10;
    private const ulong GroupBase = 430804206899405824UL; // 58^10, the largest power of 58 below 2^64
    private const int LimbDigits = 5;
    private const uint Limb = 656_356_768; // 58^5
    private const byte NotADigit = 0xFF;

    private static ReadOnlySpan<byte> Alphabet => "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"u8;

    private static readonly byte[] DigitOfCharacter = MakeDigits();
    private static readonly ulong[] PowersOf58 = MakePowers();

    /// <summary>Characters that always suffice for <paramref name="byteCount"/> bytes.</summary>
    /// <param name="byteCount">Bytes to encode.</param>
    /// <returns>An upper bound of the text's length.</returns>
    public static int GetMaxEncodedLength(int byteCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(byteCount);
        return checked((int)(((long)byteCount * 138 / 100) + 1)); // log(256) / log(58) = 1.3658
    }

    /// <summary>Encodes 32 bytes.</summary>
    /// <param name="source">Exactly 32 bytes.</param>
    /// <param name="utf8Destination">At least 44 bytes.</param>
    /// <returns>Characters written: 32 to 44.</returns>
    /// <exception cref="ArgumentException">A span has the wrong size.</exception>
    public static int Encode32(ReadOnlySpan<byte> source, Span<byte> utf8Destination) =>
        Base58Fixed.Encode(Base58Fixed.Tables32, source, utf8Destination);

    /// <summary>Encodes 64 bytes.</summary>
    /// <param name="source">Exactly 64 bytes.</param>
    /// <param name="utf8Destination">At least 88 bytes.</param>
    /// <returns>Characters written: 64 to 88.</returns>
    /// <exception cref="ArgumentException">A span has the wrong size.</exception>
    public static int Encode64(ReadOnlySpan<byte> source, Span<byte> utf8Destination) =>
        Base58Fixed.Encode(Base58Fixed.Tables64, source, utf8Destination);

    /// <summary>Decodes text that must stand for exactly 32 bytes.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="destination">At least 32 bytes; its contents are undefined when the text is refused.</param>
    /// <returns>Whether the text was valid and stood for exactly 32 bytes.</returns>
    public static bool TryDecode32(ReadOnlySpan<byte> utf8, Span<byte> destination) =>
        TryDecode(utf8, destination[..32], out var written) && written == 32;

    /// <summary>Decodes text that must stand for exactly 64 bytes.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="destination">At least 64 bytes; its contents are undefined when the text is refused.</param>
    /// <returns>Whether the text was valid and stood for exactly 64 bytes.</returns>
    public static bool TryDecode64(ReadOnlySpan<byte> utf8, Span<byte> destination) =>
        TryDecode(utf8, destination[..64], out var written) && written == 64;

    /// <summary>Encodes any number of bytes as a string.</summary>
    /// <param name="source">The bytes.</param>
    /// <returns>The text; allocates it.</returns>
    public static string Encode(ReadOnlySpan<byte> source)
    {
        Span<byte> stack = stackalloc byte[256];
        var length = GetMaxEncodedLength(source.Length);
        var utf8 = length <= stack.Length ? stack : new byte[length];
        return System.Text.Encoding.ASCII.GetString(utf8[..Encode(source, utf8)]);
    }

    /// <summary>Encodes any number of bytes.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="utf8Destination">At least <see cref="GetMaxEncodedLength"/> bytes.</param>
    /// <returns>Characters written.</returns>
    /// <exception cref="ArgumentException">The destination is too small.</exception>
    public static int Encode(ReadOnlySpan<byte> source, Span<byte> utf8Destination)
    {
        if (utf8Destination.Length < GetMaxEncodedLength(source.Length))
        {
            throw new ArgumentException($"{source.Length} bytes need room for {GetMaxEncodedLength(source.Length)} characters, got {utf8Destination.Length}.", nameof(utf8Destination));
        }

        var zeros = source.IndexOfAnyExcept((byte)0);
        zeros = zeros < 0 ? source.Length : zeros;
        utf8Destination[..zeros].Fill((byte)'1');
        return zeros + EncodeNumber(source[zeros..], utf8Destination[zeros..]);
    }

    // Four bytes at a time into limbs of five digits: a limb and a carry fit 64 bits, and the divisor is a constant.
    private static int EncodeNumber(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        Span<uint> stack = stackalloc uint[128];
        var capacity = (GetMaxEncodedLength(source.Length) / LimbDigits) + 1;
        var rented = capacity <= stack.Length ? null : System.Buffers.ArrayPool<uint>.Shared.Rent(capacity);
        var limbs = rented ?? stack; // least significant first
        var used = 0;
        for (var at = 0; at < source.Length;)
        {
            var take = source.Length - at >= sizeof(uint) ? sizeof(uint) : 1;
            ulong carry = take == 1 ? source[at] : System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(source[at..]);
            var shift = 8 * take;
            at += take;
            for (var i = 0; i < used; i++)
            {
                carry += (ulong)limbs[i] << shift;
                var quotient = carry / Limb;
                limbs[i] = (uint)(carry - (quotient * Limb));
                carry = quotient;
            }

            for (; carry != 0; carry /= Limb)
            {
                limbs[used++] = (uint)(carry % Limb);
            }
        }

        var length = 0;
        for (var i = used - 1; i >= 0; i--)
        {
            var (limb, divisor) = (limbs[i], Limb / 58);
            for (var digit = 0; digit < LimbDigits; digit++, divisor /= 58)
            {
                var value = limb / divisor;
                limb -= value * divisor;
                if (length > 0 || value > 0)
                {
                    destination[length++] = Alphabet[(int)value];
                }
            }
        }

        if (rented is not null)
        {
            System.Buffers.ArrayPool<uint>.Shared.Return(rented);
        }

        return length;
    }

    /// <summary>Decodes text of any length.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="destination">Where the bytes go; its contents are undefined when the text is refused.</param>
    /// <param name="bytesWritten">Bytes written, or 0.</param>
    /// <returns>False when a character is not base58 or the destination is too small.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> utf8, Span<byte> destination, out int bytesWritten)
    {
        bytesWritten = 0;
        var zeros = utf8.IndexOfAnyExcept((byte)'1');
        zeros = zeros < 0 ? utf8.Length : zeros;
        var digits = utf8[zeros..];
        var maxBytes = (int)Math.Min(((long)digits.Length * 733 / 1000) + 1, destination.Length + 8L); // log(58) / log(256) = 0.7322
        Span<ulong> stack = stackalloc ulong[16];
        var capacity = (maxBytes / sizeof(ulong)) + 2;
        var words = capacity <= stack.Length ? stack[..capacity] : new ulong[capacity]; // least significant first
        var used = 0;
        for (var at = 0; at < digits.Length;)
        {
            var take = Math.Min(GroupDigits, digits.Length - at);
            ulong group = 0;
            foreach (var character in digits.Slice(at, take))
            {
                var digit = DigitOfCharacter[character];
                if (digit == NotADigit)
                {
                    return false;
                }

                group = (group * 58) + digit;
            }

            at += take;
            if (!MultiplyAdd(words, ref used, PowersOf58[take], group))
            {
                return false;
            }
        }

        return TryWriteBigEndian(words[..used], zeros, destination, out bytesWritten);
    }

    private static bool MultiplyAdd(Span<ulong> words, ref int used, ulong factor, ulong addend)
    {
        var carry = addend;
        for (var i = 0; i < used; i++)
        {
            var high = Math.BigMul(words[i], factor, out var low);
            low += carry;
            carry = high + (low < carry ? 1UL : 0UL);
            words[i] = low;
        }

        if (carry == 0)
        {
            return true;
        }

        if (used == words.Length)
        {
            return false;
        }

        words[used++] = carry;
        return true;
    }

    private static bool TryWriteBigEndian(ReadOnlySpan<ulong> words, int zeros, Span<byte> destination, out int bytesWritten)
    {
        bytesWritten = 0;
        var significant = words.Length == 0 ? 0 : (words.Length * sizeof(ulong)) - (System.Numerics.BitOperations.LeadingZeroCount(words[^1]) / 8);
        if (zeros > destination.Length || significant > destination.Length - zeros)
        {
            return false;
        }

        destination[..zeros].Clear();
        var body = destination.Slice(zeros, significant);
        for (var i = 0; i < significant; i++)
        {
            body[significant - 1 - i] = (byte)(words[i / sizeof(ulong)] >> (8 * (i % sizeof(ulong))));
        }

        bytesWritten = zeros + significant;
        return true;
    }

    private static byte[] MakeDigits()
    {
        var digits = new byte[256];
        digits.AsSpan().Fill(NotADigit);
        for (var i = 0; i < Alphabet.Length; i++)
        {
            digits[Alphabet[i]] = (byte)i;
        }

        return digits;
    }

    private static ulong[] MakePowers()
    {
        var powers = new ulong[GroupDigits + 1];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++)
        {
            powers[i] = powers[i - 1] * 58;
        }

        System.Diagnostics.Debug.Assert(powers[GroupDigits] == GroupBase, "58^10");
        return powers;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static byte CharacterOf(uint digit) => Alphabet[(int)digit];
}
