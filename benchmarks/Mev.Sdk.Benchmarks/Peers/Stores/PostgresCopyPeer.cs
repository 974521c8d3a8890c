using System.Buffers.Binary;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;
using Npgsql;
using NpgsqlTypes;

namespace Mev.Sdk.Benchmarks.Peers.Stores;

/// <summary>The driver's own bulk path into our table: what one would write with Npgsql alone, without looking for repeats, keys and slots.</summary>
internal sealed class PostgresCopyPeer : IDisposable
{
    private const string Columns = """
        lsn, signature_prefix, signature_tail, slot, block_time_s, stage, index_in_block_2, payer_id, flags_2, fee_lamports_4, tip_lamports_4, compute_unit_price_micro_lamports_4,
        compute_unit_limit_4, compute_units_consumed_4, error_code_2, error_custom_code_4, swap_count_2, venue, pool_id, mint_in_id, mint_out_id, amount_in, amount_out, decimals_in, decimals_out
        """;

    private readonly NpgsqlConnection _connection;

    public PostgresCopyPeer(string connectionString, string schema)
    {
        _connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = schema, Pooling = false }.ConnectionString);
        _connection.Open();
        using var command = _connection.CreateCommand();
        command.CommandText = "CREATE TABLE IF NOT EXISTS transactions_rows_1388 PARTITION OF transactions_rows FOR VALUES FROM (299808000) TO (300240000)";
        command.ExecuteNonQuery();
    }

    public async Task StoreAsync(RecordBatch batch)
    {
        await using var transaction = await _connection.BeginTransactionAsync();
        await using (var import = await _connection.BeginBinaryImportAsync($"COPY transactions_rows ({Columns}) FROM STDIN (FORMAT BINARY)"))
        {
            Write(import, batch);
            await import.CompleteAsync();
        }

        await transaction.CommitAsync();
    }

    public void Dispose() => _connection.Dispose();

    private static void Write(NpgsqlBinaryImporter import, RecordBatch batch)
    {
        foreach (var record in batch)
        {
            if (TransactionView.TryRead(in record, out var view))
            {
                Write(import, in view);
            }
        }
    }

    private static void Write(NpgsqlBinaryImporter import, in TransactionView view)
    {
        ref readonly var record = ref view.Record;
        var signature = Signature.AsSpan(in record.Signature);
        import.StartRow();
        import.Write((long)view.Lsn.Value, NpgsqlDbType.Bigint);
        import.Write(BinaryPrimitives.ReadInt64BigEndian(signature), NpgsqlDbType.Bigint);
        import.Write(signature[8..].ToArray(), NpgsqlDbType.Bytea);
        import.Write((long)record.Slot, NpgsqlDbType.Bigint);
        Number(import, (int)(record.BlockTimeSeconds - 946_684_800));
        import.Write((char)(byte)record.Stage, NpgsqlDbType.InternalChar);
        Small(import, (short)record.IndexInBlock);
        import.Write(Id(in record.Payer), NpgsqlDbType.Integer);
        Small(import, (short)record.Flags);
        Number(import, (int)record.FeeLamports);
        Number(import, (int)record.TipLamports);
        Number(import, (int)record.ComputeUnitPriceMicroLamports);
        Number(import, (int)record.ComputeUnitLimit);
        Number(import, (int)record.ComputeUnitsConsumed);
        Small(import, (short)record.ErrorCode);
        Number(import, (int)record.ErrorCustomCode);
        Small(import, (short)view.Swaps.Length);
        if (view.Swaps.IsEmpty)
        {
            for (var i = 0; i < 8; i++)
            {
                import.WriteNull();
            }

            return;
        }

        ref readonly var swap = ref view.Swaps[0];
        import.Write((int)swap.Venue, NpgsqlDbType.Integer);
        import.Write(Id(in swap.Pool), NpgsqlDbType.Integer);
        import.Write(Id(in swap.MintIn), NpgsqlDbType.Integer);
        import.Write(Id(in swap.MintOut), NpgsqlDbType.Integer);
        import.Write((long)swap.AmountIn, NpgsqlDbType.Bigint);
        import.Write((long)swap.AmountOut, NpgsqlDbType.Bigint);
        import.Write((char)swap.DecimalsIn, NpgsqlDbType.InternalChar);
        import.Write((char)swap.DecimalsOut, NpgsqlDbType.InternalChar);
    }

    // Any number that is the same for the same key.
    private static int Id(in Pubkey key) => BinaryPrimitives.ReadInt32LittleEndian(Pubkey.AsSpan(in key)) & 0xFFFF;

    private static void Number(NpgsqlBinaryImporter import, int value)
    {
        if (value == 0)
        {
            import.WriteNull();
        }
        else
        {
            import.Write(value, NpgsqlDbType.Integer);
        }
    }

    private static void Small(NpgsqlBinaryImporter import, short value)
    {
        if (value == 0)
        {
            import.WriteNull();
        }
        else
        {
            import.Write(value, NpgsqlDbType.Smallint);
        }
    }
}
