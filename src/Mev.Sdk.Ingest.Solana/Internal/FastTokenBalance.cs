using System.Buffers.Text;

namespace Mev.Sdk.Ingest.Solana.Internal;

/// <summary>Writes token balances as protobuf straight from their tokens; the text of an amount is the node's own.</summary>
internal sealed class FastTokenBalance(KeyTexts texts)
{
    private const int LongestAmountText = 280;

    // A node computes the same: amount as f64 / 10f64.powi(decimals). Exact powers up to 22; the rest as Math.Pow gives them.
    private static readonly double[] Powers = [.. Enumerable.Range(0, 256).Select(power => Math.Pow(10, power))];

    private readonly ByteBuffer _balance = new();
    private readonly ByteBuffer _amount = new();

    /// <summary>Reads an array of balances, or null; the scanner stands before it and ends behind it.</summary>
    public bool TryReadAll(ref JsonScanner scanner, int field, ByteBuffer output)
    {
        if (!scanner.TryOpen((byte)'['))
        {
            return scanner.TryNull();
        }

        while (scanner.NextItem())
        {
            if (!TryRead(ref scanner))
            {
                return false;
            }

            output.Element(field, _balance.Written);
        }

        return scanner.Closed;
    }

    private bool TryRead(ref JsonScanner scanner)
    {
        if (!scanner.TryOpen((byte)'{'))
        {
            return false;
        }

        byte index = 0;
        ReadOnlySpan<byte> mint = default, owner = default, program = default;
        var seen = 0;
        while (scanner.NextMember(out var name))
        {
            if (name.SequenceEqual("accountIndex"u8))
            {
                if (!scanner.TryByte(out index))
                {
                    return false;
                }

                seen |= 1;
            }
            else if (name.SequenceEqual("mint"u8))
            {
                if (!TryKey(ref scanner, out mint) || mint.IsEmpty)
                {
                    return false;
                }

                seen |= 2;
            }
            else if (name.SequenceEqual("owner"u8))
            {
                if (!TryKey(ref scanner, out owner))
                {
                    return false;
                }
            }
            else if (name.SequenceEqual("programId"u8))
            {
                if (!TryKey(ref scanner, out program))
                {
                    return false;
                }
            }
            else if (name.SequenceEqual("uiTokenAmount"u8))
            {
                if (!TryAmount(ref scanner))
                {
                    return false;
                }

                seen |= 4;
            }
            else if (!scanner.TrySkip())
            {
                return false;
            }
        }

        _balance.Clear();
        _balance.Number(MetaTags.AccountIndex, index);
        _balance.Bytes(MetaTags.Mint, mint);
        _balance.Element(MetaTags.UiTokenAmount, _amount.Written);
        _balance.Bytes(MetaTags.Owner, owner);
        _balance.Bytes(MetaTags.TokenProgram, program);
        return seen == 7 && scanner.Closed;
    }

    // The text of a key that decodes is the only one that decodes to it, so it can be kept as it is. A zero key stands for none.
    private bool TryKey(scoped ref JsonScanner scanner, out ReadOnlySpan<byte> text)
    {
        text = default;
        return scanner.TryNull() || (scanner.TryText(out text) && texts.TryGet(text, out var key) && !key.IsZero);
    }

    private bool TryAmount(ref JsonScanner scanner)
    {
        if (!scanner.TryOpen((byte)'{'))
        {
            return false;
        }

        ReadOnlySpan<byte> amountText = default, uiText = default;
        byte decimals = 0;
        var seen = 0;
        while (scanner.NextMember(out var name))
        {
            if (name.SequenceEqual("amount"u8))
            {
                if (!scanner.TryText(out amountText))
                {
                    return false;
                }

                seen |= 1;
            }
            else if (name.SequenceEqual("decimals"u8))
            {
                if (!scanner.TryByte(out decimals))
                {
                    return false;
                }

                seen |= 2;
            }
            else if (name.SequenceEqual("uiAmountString"u8))
            {
                if (!scanner.TryText(out uiText) || uiText.Length is 0 or > LongestAmountText)
                {
                    return false;
                }

                seen |= 4;
            }
            else if (!scanner.TrySkip())
            {
                return false; // uiAmount: the same again as a number
            }
        }

        return seen == 7 && scanner.Closed && TryWriteAmount(amountText, decimals, uiText);
    }

    private bool TryWriteAmount(ReadOnlySpan<byte> amountText, byte decimals, ReadOnlySpan<byte> uiText)
    {
        if (!Utf8Parser.TryParse(amountText, out ulong amount, out var consumed) || consumed != amountText.Length
            || (amountText[0] is (byte)'0' or (byte)'+' && amountText.Length > 1))
        {
            return false;
        }

        var ui = amount / Powers[decimals];
        if (!IsPlain(amountText, decimals, uiText))
        {
            // A mint whose displayed amount is not its plain amount (interest-bearing, scaled).
            if (Utf8Parser.TryParse(uiText, out double given, out var used) && used == uiText.Length)
            {
                ui = given;
            }
            else
            {
                return false;
            }
        }

        _amount.Clear();
        _amount.Double(MetaTags.UiAmount, ui);
        _amount.Number(MetaTags.Decimals, decimals);
        _amount.Bytes(MetaTags.Amount, amountText);
        _amount.Bytes(MetaTags.UiAmountText, uiText);
        return true;
    }

    // Agave's real_number_string_trimmed: all decimals, then trailing zeros and a trailing point go.
    private static bool IsPlain(ReadOnlySpan<byte> amount, byte decimals, ReadOnlySpan<byte> text)
    {
        if (decimals == 0)
        {
            return text.SequenceEqual(amount);
        }

        var whole = amount.Length - decimals;
        var point = text.IndexOf((byte)'.');
        var left = point < 0 ? text : text[..point];
        var right = point < 0 ? default : text[(point + 1)..];
        if (whole > 0 ? !left.SequenceEqual(amount[..whole]) : left is not [(byte)'0'])
        {
            return false;
        }

        var fraction = (whole > 0 ? amount[whole..] : amount).TrimEnd((byte)'0');
        if (fraction.IsEmpty)
        {
            return point < 0;
        }

        var zeros = Math.Max(0, -whole);
        return right.Length == zeros + fraction.Length && !right[..zeros].ContainsAnyExcept((byte)'0') && right[zeros..].SequenceEqual(fraction);
    }
}
