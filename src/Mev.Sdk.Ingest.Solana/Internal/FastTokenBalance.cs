using System.Buffers.Text;
using System.Text.Json;

namespace Mev.Sdk.Ingest.Solana.Internal;

/// <summary>Writes token balances as protobuf straight from their tokens; the text of an amount is the node's own.</summary>
internal sealed class FastTokenBalance(KeyTexts texts)
{
    private const int LongestAmountText = 280;
    private const int LongestKey = 44;

    // A node computes the same: amount as f64 / 10f64.powi(decimals). Exact powers up to 22; the rest as Math.Pow gives them.
    private static readonly double[] Powers = [.. Enumerable.Range(0, 256).Select(power => Math.Pow(10, power))];

    private readonly ByteBuffer _balance = new();
    private readonly ByteBuffer _amount = new();
    private readonly byte[] _mint = new byte[LongestKey];
    private readonly byte[] _owner = new byte[LongestKey];
    private readonly byte[] _program = new byte[LongestKey];

    /// <summary>Reads an array of balances; the reader stands before it and ends on its closing bracket.</summary>
    public bool TryReadAll(ref Utf8JsonReader reader, int field, ByteBuffer output)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            return reader.TokenType == JsonTokenType.Null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            if (!TryRead(ref reader))
            {
                return false;
            }

            output.Element(field, _balance.Written);
        }

        return reader.TokenType == JsonTokenType.EndArray;
    }

    private bool TryRead(ref Utf8JsonReader reader)
    {
        byte index = 0;
        int mint = 0, owner = 0, program = 0, seen = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            if (name.SequenceEqual("accountIndex"u8))
            {
                if (!reader.Read() || reader.TokenType != JsonTokenType.Number || !Digits.TryByte(reader.ValueSpan, out index))
                {
                    return false;
                }

                seen |= 1;
            }
            else if (name.SequenceEqual("mint"u8))
            {
                if (!TryKey(ref reader, _mint, out mint) || mint == 0)
                {
                    return false;
                }

                seen |= 2;
            }
            else if (name.SequenceEqual("owner"u8))
            {
                if (!TryKey(ref reader, _owner, out owner))
                {
                    return false;
                }
            }
            else if (name.SequenceEqual("programId"u8))
            {
                if (!TryKey(ref reader, _program, out program))
                {
                    return false;
                }
            }
            else if (name.SequenceEqual("uiTokenAmount"u8))
            {
                if (!TryAmount(ref reader))
                {
                    return false;
                }

                seen |= 4;
            }
            else
            {
                reader.Skip();
            }
        }

        _balance.Clear();
        _balance.Number(MetaTags.AccountIndex, index);
        _balance.Bytes(MetaTags.Mint, _mint.AsSpan(0, mint));
        _balance.Element(MetaTags.UiTokenAmount, _amount.Written);
        _balance.Bytes(MetaTags.Owner, _owner.AsSpan(0, owner));
        _balance.Bytes(MetaTags.TokenProgram, _program.AsSpan(0, program));
        return seen == 7 && reader.TokenType == JsonTokenType.EndObject;
    }

    // The text of a key that decodes is the only one that decodes to it, so it can be kept as it is. A zero key stands for none.
    private bool TryKey(ref Utf8JsonReader reader, Span<byte> text, out int length)
    {
        length = 0;
        if (!reader.Read() || reader.TokenType == JsonTokenType.Null)
        {
            return true;
        }

        if (reader.TokenType != JsonTokenType.String || !texts.TryGet(reader.ValueSpan, out var key) || key.IsZero)
        {
            return false;
        }

        length = reader.ValueSpan.Length;
        reader.ValueSpan.CopyTo(text);
        return true;
    }

    private bool TryAmount(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        ReadOnlySpan<byte> amountText = default, uiText = default;
        byte decimals = 0;
        var seen = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            if (name.SequenceEqual("amount"u8))
            {
                if (!reader.Read() || reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped)
                {
                    return false;
                }

                amountText = reader.ValueSpan;
                seen |= 1;
            }
            else if (name.SequenceEqual("decimals"u8))
            {
                if (!reader.Read() || reader.TokenType != JsonTokenType.Number || !Digits.TryByte(reader.ValueSpan, out decimals))
                {
                    return false;
                }

                seen |= 2;
            }
            else if (name.SequenceEqual("uiAmountString"u8))
            {
                if (!reader.Read() || reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped || reader.ValueSpan.Length is 0 or > LongestAmountText)
                {
                    return false;
                }

                uiText = reader.ValueSpan;
                seen |= 4;
            }
            else
            {
                reader.Skip(); // uiAmount: the same again as a number
            }
        }

        return seen == 7
            && reader.TokenType == JsonTokenType.EndObject
            && TryWriteAmount(amountText, decimals, uiText);
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
