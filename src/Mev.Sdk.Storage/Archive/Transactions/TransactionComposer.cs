using System.Buffers.Binary;
using System.Buffers.Text;
using System.Numerics;
using Mev.Sdk.Storage.Archive.Coding;

namespace Mev.Sdk.Storage.Archive.Transactions;

/// <summary>Writes a model as wire bytes and as ConfirmedBlock protobuf, in the one form that the archive calls canonical.</summary>
/// <remarks>
/// Part of the format. Sources: Solana's transaction format (compact-u16 counts), SIMD-0385 for version 1, <c>confirmed_block.proto</c> of Agave's storage-proto in the order of
/// field numbers, as prost writes it.
/// </remarks>
internal sealed class TransactionComposer
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Bytes = 2;

    // 10^22 is the last power of ten that a double holds exactly, so that the quotient is the same everywhere.
    private static readonly double[] Powers = MakePowers();

    private readonly ByteArena _nested = new();
    private readonly ByteArena _outer = new();
    private readonly KeyTexts _texts;

    public TransactionComposer(KeyTexts texts) => _texts = texts;

    /// <summary>Most decimals of a token that are composed.</summary>
    public static int MaxDecimals => Powers.Length - 1;

    public static void WriteWire(TransactionModel model, ByteArena output)
    {
        if (model.Format == TransactionModel.Version1)
        {
            WriteVersion1(model, output);
            return;
        }

        Compact(output, model.Signatures.Count);
        foreach (ref readonly var signature in model.Signatures.Written)
        {
            output.Add(Signature.AsSpan(in signature));
        }

        if (model.Format == TransactionModel.Version0)
        {
            output.Add(0x80);
        }

        WriteHeader(model, output);
        Compact(output, model.StaticKeys);
        WriteKeys(model, output);
        output.Add(Pubkey.AsSpan(in model.Blockhash));
        Compact(output, model.OuterCount);
        foreach (ref readonly var step in model.Steps.Written)
        {
            if (step.IsOuter)
            {
                output.Add((byte)step.Program);
                Compact(output, step.AccountsCount);
                output.Add(model.Accounts(in step));
                Compact(output, step.DataLength);
                output.Add(model.Data(in step));
            }
        }

        if (model.Format == TransactionModel.Version0)
        {
            Compact(output, model.Lookups.Count);
            foreach (ref readonly var lookup in model.Lookups.Written)
            {
                output.Add(Pubkey.AsSpan(in lookup.Table));
                Compact(output, lookup.WritableCount);
                output.Add(model.Bytes[lookup.WritableAt, lookup.WritableCount]);
                Compact(output, lookup.ReadonlyCount);
                output.Add(model.Bytes[lookup.ReadonlyAt, lookup.ReadonlyCount]);
            }
        }
    }

    public void WriteMeta(TransactionModel model, ByteArena output)
    {
        if (!model.HasMeta)
        {
            return;
        }

        if (model.HasError)
        {
            _outer.Clear();
            Field(_outer, 1, model.Error.Written);
            Field(output, 1, _outer.Written);
        }

        Number(output, 2, model.Fee);
        Packed(output, 3, model.Before);
        Packed(output, 4, model.After);
        WriteInner(model, output);
        foreach (ref readonly var line in model.Log.Written)
        {
            Field(output, 6, model.Bytes[line.At, line.Length]);
        }

        WriteTokens(model, output, after: false);
        WriteTokens(model, output, after: true);
        Number(output, 10, model.InnerMissing ? 1u : 0);
        Number(output, 11, model.LogMissing ? 1u : 0);
        for (var i = model.StaticKeys; i < model.KeyCount; i++)
        {
            Field(output, i < model.StaticKeys + model.LoadedWritable ? 12 : 13, Pubkey.AsSpan(in model.Keys[i]));
        }

        if (model.HasReturnData)
        {
            _outer.Clear();
            Field(_outer, 1, Pubkey.AsSpan(in model.ReturnProgram));
            if (model.ReturnData.Length > 0)
            {
                Field(_outer, 2, model.ReturnData.Written);
            }

            Field(output, 14, _outer.Written);
        }

        Number(output, 15, model.HasReturnData ? 0u : 1);
        if (model.HasUnits)
        {
            Tag(output, 16, Varint);
            WriteVarint(output, model.Units);
        }

        if (model.HasCostUnits)
        {
            Tag(output, 17, Varint);
            WriteVarint(output, model.CostUnits);
        }
    }

    private static double[] MakePowers()
    {
        var powers = new double[23];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++)
        {
            powers[i] = powers[i - 1] * 10; // exact: 5^22 has 52 bits
        }

        return powers;
    }

    private static void WriteHeader(TransactionModel model, ByteArena output)
    {
        output.Add((byte)model.Required);
        output.Add((byte)model.ReadonlySigned);
        output.Add((byte)model.ReadonlyUnsigned);
    }

    private static void WriteKeys(TransactionModel model, ByteArena output)
    {
        for (var i = 0; i < model.StaticKeys; i++)
        {
            output.Add(Pubkey.AsSpan(in model.Keys[i]));
        }
    }

    private static void WriteVersion1(TransactionModel model, ByteArena output)
    {
        output.Add(0x81);
        WriteHeader(model, output);
        BinaryPrimitives.WriteUInt32LittleEndian(output[output.Reserve(4), 4], model.ConfigMask);
        output.Add(Pubkey.AsSpan(in model.Blockhash));
        output.Add((byte)model.OuterCount);
        output.Add((byte)model.StaticKeys);
        WriteKeys(model, output);
        if ((model.ConfigMask & 0b11) != 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(output[output.Reserve(8), 8], model.Config[0]);
        }

        for (var i = 1; i < model.Config.Length; i++)
        {
            if ((model.ConfigMask & (0b10u << i)) != 0)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(output[output.Reserve(4), 4], (uint)model.Config[i]);
            }
        }

        foreach (ref readonly var step in model.Steps.Written)
        {
            if (step.IsOuter)
            {
                output.Add((byte)step.Program);
                output.Add((byte)step.AccountsCount);
                BinaryPrimitives.WriteUInt16LittleEndian(output[output.Reserve(2), 2], (ushort)step.DataLength);
            }
        }

        foreach (ref readonly var step in model.Steps.Written)
        {
            if (step.IsOuter)
            {
                output.Add(model.Accounts(in step));
                output.Add(model.Data(in step));
            }
        }

        foreach (ref readonly var signature in model.Signatures.Written)
        {
            output.Add(Signature.AsSpan(in signature));
        }
    }

    private static void Compact(ByteArena output, int value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            output.Add((byte)(value | 0x80));
        }

        output.Add((byte)value);
    }

    private static void WriteVarint(ByteArena output, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            output.Add((byte)(value | 0x80));
        }

        output.Add((byte)value);
    }

    private static int VarintLength(ulong value) => (70 - BitOperations.LeadingZeroCount(value | 1)) / 7;

    private static void Tag(ByteArena output, int field, int wire) => WriteVarint(output, (uint)((field << 3) | wire));

    private static void Number(ByteArena output, int field, ulong value)
    {
        if (value != 0)
        {
            Tag(output, field, Varint);
            WriteVarint(output, value);
        }
    }

    private static void Field(ByteArena output, int field, ReadOnlySpan<byte> bytes)
    {
        Tag(output, field, Bytes);
        WriteVarint(output, (uint)bytes.Length);
        output.Add(bytes);
    }

    private static void Packed(ByteArena output, int field, Rows<ulong> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        var length = 0;
        foreach (var value in values.Written)
        {
            length += VarintLength(value);
        }

        Tag(output, field, Bytes);
        WriteVarint(output, (uint)length);
        foreach (var value in values.Written)
        {
            WriteVarint(output, value);
        }
    }

    private void WriteInner(TransactionModel model, ByteArena output)
    {
        var steps = model.Steps.Written;
        for (var i = 0; i < steps.Length; i++)
        {
            if (steps[i].IsOuter)
            {
                continue;
            }

            _outer.Clear();
            var outer = steps[i].Outer;
            Number(_outer, 1, (ulong)outer);
            for (; i < steps.Length && !steps[i].IsOuter && steps[i].Outer == outer; i++)
            {
                _nested.Clear();
                Number(_nested, 1, (ulong)steps[i].Program);
                NonEmpty(_nested, 2, model.Accounts(in steps[i]));
                NonEmpty(_nested, 3, model.Data(in steps[i]));
                Number(_nested, 4, (ulong)steps[i].Height);
                Field(_outer, 2, _nested.Written);
            }

            i--;
            Field(output, 5, _outer.Written);
        }
    }

    private static void NonEmpty(ByteArena output, int field, ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            Field(output, field, bytes);
        }
    }

    private void WriteTokens(TransactionModel model, ByteArena output, bool after)
    {
        for (var i = 0; i < model.KeyCount; i++)
        {
            ref readonly var row = ref model.Tokens[i];
            if (after ? row.IsAfter : row.IsBefore)
            {
                _outer.Clear();
                Number(_outer, 1, (ulong)i);
                Text(_outer, 2, in row.Mint);
                WriteAmount(after ? row.After : row.Before, row.Decimals);
                Field(_outer, 3, _nested.Written);
                Text(_outer, 4, in row.Owner);
                Text(_outer, 5, in row.Program);
                Field(output, after ? 8 : 7, _outer.Written);
            }
        }
    }

    private void Text(ByteArena output, int field, in Pubkey key)
    {
        if (!key.IsZero)
        {
            Field(output, field, _texts.Of(in key));
        }
    }

    // UiTokenAmount. Agave: amount / 10^decimals as a double, and real_number_string_trimmed.
    private void WriteAmount(ulong amount, int decimals)
    {
        if (decimals > MaxDecimals)
        {
            throw new InvalidDataException($"A token of {decimals} decimals is not composed.");
        }

        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(amount, digits, out var count);
        digits = digits[..count];
        _nested.Clear();
        var display = amount / Powers[decimals];
        if (display != 0)
        {
            Tag(_nested, 1, Fixed64);
            BinaryPrimitives.WriteDoubleLittleEndian(_nested[_nested.Reserve(8), 8], display);
        }

        Number(_nested, 2, (ulong)decimals);
        Field(_nested, 3, digits);
        Span<byte> text = stackalloc byte[64];
        Field(_nested, 4, text[..Display(digits, decimals, text)]);
    }

    private static int Display(ReadOnlySpan<byte> digits, int decimals, Span<byte> text)
    {
        if (decimals == 0)
        {
            digits.CopyTo(text);
            return digits.Length;
        }

        var at = 0;
        var whole = digits.Length - decimals;
        if (whole <= 0)
        {
            text[at++] = (byte)'0';
            text[at++] = (byte)'.';
            text.Slice(at, -whole).Fill((byte)'0');
            at += -whole;
            digits.CopyTo(text[at..]);
            at += digits.Length;
        }
        else
        {
            digits[..whole].CopyTo(text);
            text[whole] = (byte)'.';
            digits[whole..].CopyTo(text[(whole + 1)..]);
            at = digits.Length + 1;
        }

        var kept = text[..at].TrimEnd((byte)'0').Length;
        return text[kept - 1] == '.' ? kept - 1 : kept;
    }
}
