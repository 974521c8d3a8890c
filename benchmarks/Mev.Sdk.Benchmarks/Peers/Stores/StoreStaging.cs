using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using DuckDB.NET.Data;
using Mev.Sdk.Benchmarks.Data;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Benchmarks.Peers.Stores;

/// <summary>Transactions in a table of an in-memory DuckDB, in all the forms that the layouts choose from.</summary>
internal sealed class StoreStaging : IDisposable
{
    /// <summary>The columns that every layout has: what a query filters by.</summary>
    private const string Relational = """
        signature, slot, index_in_block, payer, fee_lamports, tip_lamports, compute_unit_price, compute_unit_limit, compute_units, flags, error_code, error_custom_code,
        swap_count, venue, pool, mint_in, mint_out, amount_in, amount_out
        """;

    private const string RelationalTypes = """
        signature BLOB, slot UBIGINT, index_in_block UINTEGER, payer BLOB, fee_lamports UBIGINT, tip_lamports UBIGINT, compute_unit_price UBIGINT, compute_unit_limit UINTEGER,
        compute_units UINTEGER, flags UINTEGER, error_code USMALLINT, error_custom_code UINTEGER, swap_count USMALLINT, venue USMALLINT, pool BLOB, mint_in BLOB, mint_out BLOB,
        amount_in UBIGINT, amount_out UBIGINT
        """;

    private readonly TransactionLists _lists = new();

    public StoreStaging(ArchiveInput input)
    {
        Connection = new DuckDBConnection("DataSource=:memory:;threads=2");
        Connection.Open();
        var parts = string.Join(", ", TransactionFields.Names.Select(static name => name + " BLOB"));
        var lists = string.Join(", ", _lists.Columns.Select(static list => list.Name + " VARCHAR"));
        Execute($"CREATE TABLE staged ({RelationalTypes}, json VARCHAR, wire BLOB, meta BLOB, residual BLOB, {parts}, {lists})");
        var documents = Encoding.UTF8.GetString(input.Json).Split('\n');
        using (var appender = Connection.CreateAppender("staged"))
        {
            for (var i = 0; i < input.Frames.Count; i++)
            {
                Append(appender, documents[i], input.Frames[i].Frame, input.Frames[i].Residual);
            }
        }

        Layouts =
        [
            new StoreLayout("json", Relational + ", json"),
            new StoreLayout("wire+meta", Relational + ", wire, meta, residual"),
            new StoreLayout("fields", $"{Relational}, {string.Join(", ", TransactionFields.Names)}, residual"),
            new StoreLayout("nested", $"{Relational}, header, blockhash, {string.Join(", ", _lists.Columns.Select(static list => list.Sql))}, meta_rest, residual"),
        ];
    }

    /// <summary>The database that holds them, as table <c>staged</c>.</summary>
    public DuckDBConnection Connection { get; }

    /// <summary>All layouts: the JSON as it came; wire and meta whole; cut into their fields; cut into every value, in lists.</summary>
    public IReadOnlyList<StoreLayout> Layouts { get; }

    /// <summary>The column that holds bytes in a layout, for products that take them as hexadecimal digits.</summary>
    public IReadOnlyList<(string Name, string Type)> Describe(StoreLayout layout)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = "DESCRIBE " + layout.Select;
        using var reader = command.ExecuteReader();
        var columns = new List<(string, string)>();
        while (reader.Read())
        {
            columns.Add((reader.GetString(0), reader.GetString(1)));
        }

        return columns;
    }

    public void Execute(string sql)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Dispose() => Connection.Dispose();

    private void Append(DuckDBAppender appender, string json, byte[] frame, byte[] residual)
    {
        if (!TransactionView.TryRead(new RecordView(Lsn.None, frame), out var view)
            || !WireTransaction.TryParse(view.Wire, out var wire)
            || !StatusMeta.TryParse(view.Meta, out var meta))
        {
            throw new InvalidOperationException("A frame that the benchmark made is no transaction.");
        }

        ref readonly var record = ref view.Record;
        var row = appender.CreateRow();
        Bytes(row, Signature.AsSpan(in record.Signature));
        row.AppendValue(record.Slot).AppendValue(record.IndexInBlock);
        Bytes(row, Pubkey.AsSpan(in record.Payer));
        row.AppendValue(record.FeeLamports).AppendValue(record.TipLamports).AppendValue(record.ComputeUnitPriceMicroLamports).AppendValue(record.ComputeUnitLimit)
            .AppendValue(record.ComputeUnitsConsumed).AppendValue((uint)record.Flags).AppendValue((ushort)record.ErrorCode).AppendValue(record.ErrorCustomCode)
            .AppendValue((ushort)view.Swaps.Length);
        if (view.Swaps.IsEmpty)
        {
            for (var i = 0; i < 6; i++)
            {
                row.AppendNullValue();
            }
        }
        else
        {
            ref readonly var swap = ref view.Swaps[0];
            row.AppendValue((ushort)swap.Venue);
            Bytes(row, Pubkey.AsSpan(in swap.Pool));
            Bytes(row, Pubkey.AsSpan(in swap.MintIn));
            Bytes(row, Pubkey.AsSpan(in swap.MintOut));
            row.AppendValue(swap.AmountIn).AppendValue(swap.AmountOut);
        }

        row.AppendValue(json);
        Bytes(row, view.Wire);
        Bytes(row, view.Meta);
        Bytes(row, residual);
        foreach (var part in TransactionFields.Split(view.Wire, in wire, view.Meta))
        {
            Bytes(row, part);
        }

        _lists.Read(in wire, in meta);
        foreach (var list in _lists.Columns)
        {
            row.AppendValue(list.Take());
        }

        row.EndRow();
    }

    // The appender takes a writable span and only reads it.
    private static void Bytes(IDuckDBAppenderRow row, ReadOnlySpan<byte> bytes) =>
        row.AppendValue(MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(bytes), bytes.Length));
}
