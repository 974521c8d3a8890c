namespace Mev.Sdk.Ingest.Solana.Internal;

/// <summary>Reads whole numbers from a JSON number's text; false for anything but digits, and for what is too large.</summary>
internal static class Digits
{
    private const int MostSafe = 19; // digits that any u64 can take

    public static bool TryByte(ReadOnlySpan<byte> text, out byte value)
    {
        var number = 0u;
        value = 0;
        if (text.Length is 0 or > 3)
        {
            return false;
        }

        foreach (var character in text)
        {
            var digit = (uint)(character - '0');
            if (digit > 9)
            {
                return false;
            }

            number = (number * 10) + digit;
        }

        value = (byte)number;
        return number <= byte.MaxValue;
    }

    public static bool TryNumber(ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        if (text.Length is 0 or > MostSafe)
        {
            return text.Length > MostSafe && System.Buffers.Text.Utf8Parser.TryParse(text, out value, out var consumed) && consumed == text.Length;
        }

        foreach (var character in text)
        {
            var digit = (uint)(character - '0');
            if (digit > 9)
            {
                return false;
            }

            value = (value * 10) + digit;
        }

        return true;
    }
}
