namespace Mev.Sdk.Solana.Transactions;

/// <summary>Solana's compact-u16: 7 bits a byte, least significant first, at most 3 bytes, only the shortest form is valid.</summary>
/// <remarks>Source: <c>short_vec.rs</c> of the Solana SDK, which refuses aliases ("visit_byte").</remarks>
internal static class CompactU16
{
    public const int MaxBytes = 3;

    public static DecodeError Read(ReadOnlySpan<byte> source, out int value, out int length)
    {
        value = 0;
        length = 0;
        for (var i = 0; i < MaxBytes; i++)
        {
            if (i >= source.Length)
            {
                return DecodeError.Truncated;
            }

            var part = source[i];
            value |= (part & 0x7F) << (7 * i);
            if (part < 0x80)
            {
                length = i + 1;
                return (part == 0 && i > 0) || value > ushort.MaxValue ? DecodeError.LengthNotCanonical : DecodeError.None;
            }
        }

        return DecodeError.LengthNotCanonical;
    }

    public static int Write(Span<byte> destination, int value)
    {
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            destination[length++] = (byte)(value | 0x80);
        }

        destination[length++] = (byte)value;
        return length;
    }
}
