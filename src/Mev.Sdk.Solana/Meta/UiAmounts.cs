using System.Buffers.Text;

namespace Mev.Sdk.Solana.Meta;

/// <summary>Amounts of tokens as nodes display them.</summary>
internal static class UiAmounts
{
    /// <summary>Characters that always suffice: 20 digits, 255 decimals, a point.</summary>
    public const int MaxText = 320;

    /// <summary>The amount as text.</summary>
    public static string Text(in TokenBalance balance)
    {
        Span<byte> text = stackalloc byte[MaxText];
        return System.Text.Encoding.ASCII.GetString(text[..Format(in balance, text)]);
    }

    /// <summary>The amount as a number. Agave: <c>amount as f64 / 10f64.powi(decimals)</c>.</summary>
    public static double Number(in TokenBalance balance) => balance.Amount / Math.Pow(10, balance.Decimals);

    /// <summary>The amount as text. Agave: <c>real_number_string_trimmed</c>: all decimals, then trailing zeros and a trailing point go.</summary>
    /// <returns>Characters written.</returns>
    public static int Format(in TokenBalance balance, Span<byte> text)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(balance.Amount, digits, out var count);
        if (balance.Decimals == 0)
        {
            digits[..count].CopyTo(text);
            return count;
        }

        var whole = count - balance.Decimals;
        var at = 0;
        if (whole <= 0)
        {
            text[at++] = (byte)'0';
            text[at++] = (byte)'.';
            text.Slice(at, -whole).Fill((byte)'0');
            at += -whole;
            digits[..count].CopyTo(text[at..]);
            at += count;
        }
        else
        {
            digits[..whole].CopyTo(text);
            text[whole] = (byte)'.';
            digits[whole..count].CopyTo(text[(whole + 1)..]);
            at = count + 1;
        }

        var kept = text[..at].TrimEnd((byte)'0').Length;
        return kept > 0 && text[kept - 1] == '.' ? kept - 1 : kept;
    }
}
