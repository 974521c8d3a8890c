using System.Buffers.Binary;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.ClickHouse.Internal;

/// <summary>Makes the next version of an opportunity's row out of pieces: its outcome, or the transaction that opened it.</summary>
internal sealed class OpportunityMerge
{
    private static readonly HistoryTable Table = HistoryTables.MevOpportunities;
    private readonly RowSplit _row = new(Table);
    private readonly ReadOnlyMemory<byte>[] _pieces = new ReadOnlyMemory<byte>[Table.Columns.Count];
    private ReadOnlyMemory<byte> _stored;

    public static readonly HistoryColumn Lsn = Table["lsn"];
    public static readonly HistoryColumn Signature = Table["signature"];
    public static readonly HistoryColumn TransactionLsn = Table["transaction_lsn"];

    /// <summary>The pieces of the new version, column after column; valid until the next <see cref="Begin"/>.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Pieces => _pieces;

    /// <summary>Bytes of the row that was begun.</summary>
    public int Length => _row.Length;

    /// <summary>Takes up a row.</summary>
    /// <param name="stored">Bytes that begin with it.</param>
    public void Begin(ReadOnlyMemory<byte> stored)
    {
        _stored = stored;
        _row.Walk(stored.Span);
        for (var i = 0; i < _pieces.Length; i++)
        {
            _pieces[i] = stored[_row[i]];
        }
    }

    public bool IsNull(HistoryColumn column) => _row.IsNull(_stored.Span, column);

    public ReadOnlySpan<byte> Value(HistoryColumn column) => _row.Value(_stored.Span, column);

    /// <summary>The source, session and id that an outcome names.</summary>
    public (uint Source, ulong Session, ulong Id) Identity => (
        BinaryPrimitives.ReadUInt32LittleEndian(Value(Table["source_id"])),
        BinaryPrimitives.ReadUInt64LittleEndian(Value(Table["session_id"])),
        BinaryPrimitives.ReadUInt64LittleEndian(Value(Table["opportunity_id"])));

    public void SetTransaction(ulong lsn)
    {
        var piece = new byte[1 + sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(piece.AsSpan(1), lsn);
        Set(TransactionLsn.Name, piece);
    }

    /// <summary>Merges an outcome.</summary>
    /// <param name="outcome">A row of <see cref="MergeTables.Outcomes"/> behind its source, session and id.</param>
    public void SetOutcome(ref RowReader outcome)
    {
        var status = outcome.ReadUInt8();
        var landed = outcome.ReadBoolean();
        long? executed = outcome.ReadNull() ? null : outcome.ReadTimestamp();
        var success = outcome.ReadBoolean();
        var profit = Bytes(unchecked((ulong)outcome.ReadInt64()));
        var cost = Bytes(outcome.ReadUInt64());
        Set("outcome", [status]);
        Set("success", [0, success ? (byte)1 : (byte)0]);
        if (executed is { } instant)
        {
            Set("executed", [0, .. Bytes(unchecked((ulong)instant))]);
        }

        var flags = (OpportunityFlags)BinaryPrimitives.ReadUInt32LittleEndian(Value(Table["flags"]));
        if (landed)
        {
            Set("profit_lamports", profit);
            Set("cost_lamports", cost);
            Set("actual_cost_lamports", [0, .. cost]);
            flags |= OpportunityFlags.Executed;
        }

        flags |= success ? OpportunityFlags.Succeeded : OpportunityFlags.None;
        var bits = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bits, (uint)flags);
        Set("flags", bits);
    }

    private void Set(string column, byte[] piece) => _pieces[Table[column].Ordinal] = piece;

    private static byte[] Bytes(ulong value)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }
}
