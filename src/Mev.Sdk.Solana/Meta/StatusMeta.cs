using System.Runtime.CompilerServices;

namespace Mev.Sdk.Solana.Meta;

/// <summary>A transaction's status meta as ConfirmedBlock protobuf, read in place.</summary>
/// <remarks>
/// Borrows the bytes it was given and lives as long as they do. Parsing checks the whole structure once, so that enumeration cannot fail; it
/// allocates nothing. Unknown fields are skipped. Schema: <c>TransactionStatusMeta</c> in <c>confirmed_block.proto</c> of Agave's
/// storage-proto; per-transaction rewards (field 9) and cost units (field 17) are kept in the bytes but not offered here.
/// </remarks>
public readonly ref struct StatusMeta
{
    private readonly ReadOnlySpan<byte> _meta;
    private readonly Starts _starts;

    private StatusMeta(ReadOnlySpan<byte> meta, scoped in Fields fields)
    {
        _meta = meta;
        _starts = fields.Starts;
        Error = fields.Error;
        FeeLamports = fields.Fee;
        ComputeUnitsConsumed = fields.ComputeUnits;
        HasComputeUnitsConsumed = fields.HasComputeUnits;
        LoadedWritableCount = fields.LoadedWritable;
        LoadedReadonlyCount = fields.LoadedReadonly;
        ReturnProgram = fields.ReturnProgram;
        ReturnData = fields.ReturnData;
        InnerInstructionsMissing = fields.InnerInstructionsNone;
        LogMessagesMissing = fields.LogMessagesNone;
    }

    /// <summary>Why it failed; code None when it did not.</summary>
    public TransactionError Error { get; }

    /// <summary>Fee paid, lamports.</summary>
    public ulong FeeLamports { get; }

    /// <summary>Compute units consumed; 0 when not recorded.</summary>
    public ulong ComputeUnitsConsumed { get; }

    /// <summary>Whether the consumed compute units were recorded.</summary>
    public bool HasComputeUnitsConsumed { get; }

    /// <summary>Keys that lookups loaded as writable.</summary>
    public int LoadedWritableCount { get; }

    /// <summary>Keys that lookups loaded as readonly.</summary>
    public int LoadedReadonlyCount { get; }

    /// <summary>The program that set return data, 32 bytes; empty when there is none.</summary>
    public ReadOnlySpan<byte> ReturnProgram { get; }

    /// <summary>The return data.</summary>
    public ReadOnlySpan<byte> ReturnData { get; }

    /// <summary>Whether the node recorded no inner instructions at all, which is not the same as none having run.</summary>
    public bool InnerInstructionsMissing { get; }

    /// <summary>Whether the node recorded no log at all.</summary>
    public bool LogMessagesMissing { get; }

    /// <summary>Balances before, in key order, lamports.</summary>
    public Lamports PreBalances => new(_meta, _starts[MetaFields.PreBalances], MetaFields.PreBalances);

    /// <summary>Balances after, in key order, lamports.</summary>
    public Lamports PostBalances => new(_meta, _starts[MetaFields.PostBalances], MetaFields.PostBalances);

    /// <summary>Token balances before; token accounts that did not exist yet are absent.</summary>
    public TokenBalances PreTokenBalances => new(_meta, _starts[MetaFields.PreTokenBalances], MetaFields.PreTokenBalances);

    /// <summary>Token balances after; token accounts that were closed are absent.</summary>
    public TokenBalances PostTokenBalances => new(_meta, _starts[MetaFields.PostTokenBalances], MetaFields.PostTokenBalances);

    /// <summary>Inner instructions in order of execution.</summary>
    public InnerInstructions InnerInstructions => new(_meta, _starts[MetaFields.InnerInstructions]);

    /// <summary>Log lines.</summary>
    public Utf8Lines LogMessages => new(_meta, _starts[MetaFields.LogMessages]);

    /// <summary>Keys that lookups loaded as writable.</summary>
    public LoadedKeys LoadedWritable => new(_meta, _starts[MetaFields.LoadedWritable], MetaFields.LoadedWritable);

    /// <summary>Keys that lookups loaded as readonly.</summary>
    public LoadedKeys LoadedReadonly => new(_meta, _starts[MetaFields.LoadedReadonly], MetaFields.LoadedReadonly);

    /// <summary>Parses one message.</summary>
    /// <param name="meta">The bytes; none at all is a message whose fields have their defaults.</param>
    /// <param name="view">The view, or default.</param>
    /// <param name="failure">What is wrong and where.</param>
    /// <returns>Whether the bytes are a well-formed status meta.</returns>
    public static bool TryParse(ReadOnlySpan<byte> meta, out StatusMeta view, out DecodeFailure failure)
    {
        view = default;
        failure = default;
        var fields = default(Fields);
        for (var field = 0; field < MetaFields.Count; field++)
        {
            fields.Starts[field] = meta.Length;
        }

        var reader = new ProtoReader(meta);
        while (reader.Next())
        {
            if (reader.Field < MetaFields.Count)
            {
                fields.Starts[reader.Field] = Math.Min(fields.Starts[reader.Field], reader.FieldStart);
            }

            if (!TryField(in reader, ref fields))
            {
                failure = new DecodeFailure(DecodeError.MalformedProtobuf, reader.FieldStart, reader.Field);
                return false;
            }
        }

        if (reader.IsMalformed)
        {
            failure = new DecodeFailure(DecodeError.MalformedProtobuf, reader.FieldStart);
            return false;
        }

        view = new StatusMeta(meta, in fields);
        return true;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out StatusMeta, out DecodeFailure)"/>
    public static bool TryParse(ReadOnlySpan<byte> meta, out StatusMeta view) => TryParse(meta, out view, out _);

    private static bool TryField(in ProtoReader reader, ref Fields fields)
    {
        switch (reader.Field)
        {
            case MetaFields.Error:
                return reader.Wire == ProtoReader.WireBytes && TryError(reader.Bytes, out fields.Error);
            case MetaFields.Fee:
                fields.Fee = reader.Number;
                return reader.Wire == ProtoReader.WireVarint;
            case MetaFields.PreBalances or MetaFields.PostBalances:
                return reader.Wire == ProtoReader.WireVarint || (reader.Wire == ProtoReader.WireBytes && IsPacked(reader.Bytes));
            case MetaFields.InnerInstructions:
                return reader.Wire == ProtoReader.WireBytes && Meta.InnerInstructions.Check(reader.Bytes);
            case MetaFields.LogMessages:
                return reader.Wire == ProtoReader.WireBytes;
            case MetaFields.PreTokenBalances or MetaFields.PostTokenBalances:
                return reader.Wire == ProtoReader.WireBytes && TokenBalances.TryRead(reader.Bytes, out _);
            case MetaFields.InnerInstructionsNone:
                fields.InnerInstructionsNone = reader.Number != 0;
                return reader.Wire == ProtoReader.WireVarint;
            case MetaFields.LogMessagesNone:
                fields.LogMessagesNone = reader.Number != 0;
                return reader.Wire == ProtoReader.WireVarint;
            case MetaFields.LoadedWritable:
                fields.LoadedWritable++;
                return reader.Wire == ProtoReader.WireBytes && reader.Bytes.Length == Pubkey.Size;
            case MetaFields.LoadedReadonly:
                fields.LoadedReadonly++;
                return reader.Wire == ProtoReader.WireBytes && reader.Bytes.Length == Pubkey.Size;
            case MetaFields.ReturnData:
                return reader.Wire == ProtoReader.WireBytes && TryReturnData(reader.Bytes, ref fields);
            case MetaFields.ComputeUnitsConsumed:
                fields.ComputeUnits = reader.Number;
                fields.HasComputeUnits = true;
                return reader.Wire == ProtoReader.WireVarint;
            default:
                return true;
        }
    }

    private static bool TryError(ReadOnlySpan<byte> message, out TransactionError error)
    {
        // A message that is there but empty is still an error, of no known kind.
        error = new TransactionError(Records.TransactionErrorCode.Other);
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == MetaFields.ErrorBytes
                && (reader.Wire != ProtoReader.WireBytes || !TransactionError.TryDecode(reader.Bytes, out error)))
            {
                return false;
            }
        }

        return !reader.IsMalformed;
    }

    // Every number ends, and none has more than 64 bits.
    private static bool IsPacked(ReadOnlySpan<byte> packed)
    {
        const int LongestVarint = 10;
        var run = 0; // bytes of the number so far
        foreach (var part in packed)
        {
            run++;
            if (part < 0x80)
            {
                if (run >= LongestVarint && (run > LongestVarint || part > 1))
                {
                    return false;
                }

                run = 0;
            }
        }

        return run == 0;
    }

    private static bool TryReturnData(ReadOnlySpan<byte> message, ref Fields fields)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field is not (MetaFields.ReturnProgram or MetaFields.ReturnBytes))
            {
                continue;
            }

            if (reader.Wire != ProtoReader.WireBytes || (reader.Field == MetaFields.ReturnProgram && reader.Bytes.Length != Pubkey.Size))
            {
                return false;
            }

            if (reader.Field == MetaFields.ReturnProgram)
            {
                fields.ReturnProgram = reader.Bytes;
            }
            else
            {
                fields.ReturnData = reader.Bytes;
            }
        }

        return !reader.IsMalformed;
    }

    /// <summary>Where each field occurs first, so that an enumeration need not walk what stands before.</summary>
    [InlineArray(MetaFields.Count)]
    private struct Starts
    {
        private int _first;
    }

    private ref struct Fields
    {
        public Starts Starts;
        public TransactionError Error;
        public ulong Fee;
        public ulong ComputeUnits;
        public bool HasComputeUnits;
        public bool InnerInstructionsNone;
        public bool LogMessagesNone;
        public int LoadedWritable;
        public int LoadedReadonly;
        public ReadOnlySpan<byte> ReturnProgram;
        public ReadOnlySpan<byte> ReturnData;
    }
}
