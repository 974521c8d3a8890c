using System.Buffers.Binary;

namespace Mev.Sdk.Ingest.Solana.Internal;

/// <summary>Decodes base58 of any bytes up to 2,048 characters: instruction data, nearly always shorter than that.</summary>
/// <remarks>Ten characters a step (58^10 is below 2^59) over 64-bit limbs, two steps in one pass over them.</remarks>
internal static class ShortBase58
{
    /// <summary>Longest text, characters.</summary>
    public const int MaxCharacters = 2048;

    private const int CharactersAStep = 10;
    private const int MaxLimbs = 189; // 2,048 characters are 11,998 bits, and one for a carry
    private const byte None = 255;

    private static readonly byte[] Digits = MakeDigits();
    private static readonly ulong[] Powers = MakePowers();

    /// <summary>Decodes a text.</summary>
    /// <param name="text">At most <see cref="MaxCharacters"/>.</param>
    /// <param name="destination">At least as many bytes as the text has characters.</param>
    /// <param name="length">Bytes written.</param>
    /// <returns>False when a character is none of base58.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> destination, out int length)
    {
        length = 0;
        var zeros = 0;
        while (zeros < text.Length && text[zeros] == (byte)'1')
        {
            zeros++;
        }

        Span<ulong> limbs = stackalloc ulong[MaxLimbs];
        var used = 0;
        var rest = text[zeros..];

        // The front takes what is left over, so that all others are pairs of whole steps.
        var front = rest.Length % (2 * CharactersAStep);
        if (front > 0)
        {
            var first = Math.Min(front, CharactersAStep);
            if (!TryStep(rest[..first], out var high) || !TryStep(rest[first..front], out var low))
            {
                return false;
            }

            used = Multiply(limbs, 0, high, Powers[front - first], low);
            rest = rest[front..];
        }

        for (; !rest.IsEmpty; rest = rest[(2 * CharactersAStep)..])
        {
            if (!TryStep(rest[..CharactersAStep], out var high) || !TryStep(rest.Slice(CharactersAStep, CharactersAStep), out var low))
            {
                return false;
            }

            used = Multiply(limbs, used, high, Powers[CharactersAStep], low);
        }

        destination[..zeros].Clear();
        length = zeros + Write(limbs[..used], destination[zeros..]);
        return true;
    }

    private static bool TryStep(ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        foreach (var character in text)
        {
            var digit = Digits[character];
            if (digit == None)
            {
                return false;
            }

            value = (value * 58) + digit;
        }

        return true;
    }

    // (limbs * 58^10 + high) * power + low in one pass: two chains of multiplications that do not wait for each other.
    private static int Multiply(Span<ulong> limbs, int used, ulong high, ulong power, ulong low)
    {
        var whole = Powers[CharactersAStep];
        for (var i = 0; i < used; i++)
        {
            var up = Math.BigMul(limbs[i], whole, out var middle);
            middle += high;
            high = up + (middle < high ? 1ul : 0);
            up = Math.BigMul(middle, power, out var value);
            value += low;
            low = up + (value < low ? 1ul : 0);
            limbs[i] = value;
        }

        if (high != 0)
        {
            var up = Math.BigMul(high, power, out var value);
            value += low;
            low = up + (value < low ? 1ul : 0);
            limbs[used++] = value;
        }

        if (low != 0)
        {
            limbs[used++] = low;
        }

        return used;
    }

    private static int Write(ReadOnlySpan<ulong> limbs, Span<byte> destination)
    {
        if (limbs.IsEmpty)
        {
            return 0;
        }

        // The highest limb without its leading zero bytes, the others whole.
        var top = limbs[^1];
        var topBytes = 8 - (System.Numerics.BitOperations.LeadingZeroCount(top) / 8);
        for (var i = 0; i < topBytes; i++)
        {
            destination[i] = (byte)(top >> (8 * (topBytes - 1 - i)));
        }

        var at = topBytes;
        for (var i = limbs.Length - 2; i >= 0; i--)
        {
            BinaryPrimitives.WriteUInt64BigEndian(destination[at..], limbs[i]);
            at += sizeof(ulong);
        }

        return at;
    }

    private static byte[] MakeDigits()
    {
        var digits = new byte[256];
        digits.AsSpan().Fill(None);
        var alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"u8;
        for (var i = 0; i < alphabet.Length; i++)
        {
            digits[alphabet[i]] = (byte)i;
        }

        return digits;
    }

    private static ulong[] MakePowers()
    {
        var powers = new ulong[CharactersAStep + 1];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++)
        {
            powers[i] = powers[i - 1] * 58;
        }

        return powers;
    }
}
