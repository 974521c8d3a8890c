using DuckDB.NET.Data;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tests;

namespace Mev.Sdk.Storage.DuckDb.Tests;

/// <summary>Databases made with the statements of earlier versions, as those wrote them.</summary>
public sealed class MigrationTests : IDisposable
{
    private const string TransactionsOfVersions1And2 = """
        CREATE TABLE transactions (
        lsn UBIGINT NOT NULL, raw_lsn UBIGINT NOT NULL, signature_prefix UBIGINT NOT NULL, signature BLOB NOT NULL,
        slot UBIGINT NOT NULL, block_time TIMESTAMP, stage UTINYINT NOT NULL, processed_at TIMESTAMP NOT NULL, index_in_block UINTEGER NOT NULL,
        payer BLOB NOT NULL, flags UINTEGER NOT NULL, fee_lamports UBIGINT NOT NULL, tip_lamports UBIGINT NOT NULL,
        compute_unit_price_micro_lamports UBIGINT NOT NULL, compute_unit_limit UINTEGER NOT NULL, compute_units_consumed UINTEGER NOT NULL,
        error_code USMALLINT NOT NULL, error_custom_code UINTEGER NOT NULL, swap_count USMALLINT NOT NULL,
        venue USMALLINT, pool BLOB, mint_in BLOB, mint_out BLOB, amount_in UBIGINT, amount_out UBIGINT, decimals_in UTINYINT, decimals_out UTINYINT,
        score FLOAT, model_version VARCHAR);
        CREATE TABLE ml_training_samples (transaction_lsn UBIGINT NOT NULL, signature BLOB NOT NULL, features FLOAT[] NOT NULL, labels FLOAT[] NOT NULL, model_version VARCHAR,
        created TIMESTAMP NOT NULL, schema_hash UBIGINT NOT NULL);
        """;

    private const string Version1 = TransactionsOfVersions1And2 + """
        CREATE TABLE projector_checkpoint (
            schema_version INTEGER NOT NULL, lsn UBIGINT NOT NULL, transactions BIGINT NOT NULL, opportunities BIGINT NOT NULL, updated_at TIMESTAMP);
        CREATE TABLE mev_opportunities (
        lsn UBIGINT NOT NULL, source_id UINTEGER NOT NULL, session_id UBIGINT NOT NULL, opportunity_id UBIGINT NOT NULL,
        type VARCHAR NOT NULL, strategy USMALLINT NOT NULL, signature_prefix UBIGINT, signature BLOB, slot UBIGINT NOT NULL,
        pool BLOB, quote_mint BLOB, expected_profit_lamports BIGINT NOT NULL, expected_cost_lamports UBIGINT NOT NULL, capital_lamports UBIGINT NOT NULL,
        profit_lamports BIGINT NOT NULL, cost_lamports UBIGINT NOT NULL, confidence DOUBLE NOT NULL, flags UINTEGER NOT NULL,
        detected TIMESTAMP, executed TIMESTAMP, success BOOLEAN, outcome UTINYINT NOT NULL, metadata VARCHAR NOT NULL, transaction_lsn UBIGINT);
        CREATE TABLE performance_metrics (lsn UBIGINT NOT NULL, time TIMESTAMP, name VARCHAR NOT NULL, value DOUBLE NOT NULL, tags VARCHAR NOT NULL);
        INSERT INTO projector_checkpoint VALUES (1, 50, 1, 3, NULL);
        """;

    private const string Version2 = TransactionsOfVersions1And2 + """
        CREATE TABLE projector_checkpoint (
            schema_version INTEGER NOT NULL, lsn UBIGINT NOT NULL, transactions BIGINT NOT NULL, opportunities BIGINT NOT NULL,
            observed_opportunities BIGINT NOT NULL, updated_at TIMESTAMP);
        CREATE TABLE transaction_repeats (lsn UBIGINT NOT NULL, first_lsn UBIGINT NOT NULL);
        CREATE TABLE mev_opportunities (
        lsn UBIGINT NOT NULL, source_id UINTEGER NOT NULL, session_id UBIGINT NOT NULL, opportunity_id UBIGINT NOT NULL,
        type VARCHAR NOT NULL, strategy USMALLINT NOT NULL, signature_prefix UBIGINT, signature BLOB, slot UBIGINT NOT NULL,
        pool BLOB, quote_mint BLOB, expected_profit_lamports BIGINT NOT NULL, expected_cost_lamports UBIGINT NOT NULL, capital_lamports UBIGINT NOT NULL,
        profit_lamports BIGINT NOT NULL, cost_lamports UBIGINT NOT NULL, actual_cost_lamports UBIGINT, confidence DOUBLE, flags UINTEGER NOT NULL,
        detected TIMESTAMP, executed TIMESTAMP, success BOOLEAN, outcome UTINYINT NOT NULL, metadata VARCHAR NOT NULL, transaction_lsn UBIGINT);
        CREATE TABLE performance_metrics (lsn UBIGINT NOT NULL, time TIMESTAMP, name VARCHAR NOT NULL, value DOUBLE, tags VARCHAR NOT NULL);
        INSERT INTO projector_checkpoint VALUES (2, 50, 1, 3, 1, NULL);
        INSERT INTO transaction_repeats VALUES (12, 10);
        """;

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.Combine("history.duckdb");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Database_of_an_earlier_version_keeps_its_rows_and_goes_on(int version)
    {
        var (signed, payer) = (TestStore.Sign(1), TestStore.Key(1));
        var signature = Convert.ToHexString(Signature.AsSpan(in signed));
        var key = Convert.ToHexString(Pubkey.AsSpan(in payer));
        var prefix = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(Signature.AsSpan(in signed));
        var cost = version == 1 ? "" : " NULL,";
        Run((version == 1 ? Version1 : Version2) + $"""
            INSERT INTO transactions VALUES (10, 11, {prefix}, unhex('{signature}'), 100, TIMESTAMP '2023-11-14 22:13:20', 2, TIMESTAMP '2024-01-01 00:00:00.000001', 5, unhex('{key}'), 4, 5000, 9, 8, 7, 6,
                0, 0, 1, 3, NULL, unhex('{key}'), unhex('{key}'), 1, 18446744073709551615, 9, 6, 0.5, 'm');
            INSERT INTO mev_opportunities VALUES (20, 1, 2, 3, 'arbitrage', 4, {prefix}, unhex('{signature}'), 100, NULL, NULL, -1, 2, 3, 4, 5,{cost} 0.25, 2, NULL, NULL, NULL, 0, '', 10),
                (21, 1, 2, 4, 'backrun', 4, NULL, NULL, 100, NULL, NULL, -1, 2, 3, 4, 5,{cost.Replace("NULL", "5", StringComparison.Ordinal)} 0.25, 0, NULL, NULL, true, 1, 'no "json"', NULL);
            INSERT INTO performance_metrics VALUES (30, NULL, 'a', 1.5, ''), (31, TIMESTAMP '2024-01-01 00:00:00', 'b', 2.5, '{"{"}"k":1{"}"}');
            INSERT INTO ml_training_samples VALUES (10, unhex('{signature}'), [1.0], [0.5], 'm', TIMESTAMP '2024-01-01 00:00:00', 7);
            """);

        using (var store = new DuckDbStore(new DuckDbOptions { Path = Path }))
        {
            Assert.Equal(new Lsn(50), await store.OpenAsync(TestContext.Current.CancellationToken));
            Assert.Equal((1L, 3L, 1L), (store.TransactionCount, store.OpportunityCount, store.ObservedOpportunityCount));
            var row = await store.FindTransactionAsync(TestStore.Sign(1), TestContext.Current.CancellationToken);
            Assert.Equal((new Lsn(10), new Lsn(11), 100UL, 5U, 9UL, 0.5f, "m"), (row!.Lsn, row.RawLsn, row.Slot, row.IndexInBlock, row.TipLamports, row.Score!.Value, row.ModelVersion));
            Assert.Equal((VenueId)3, row.FirstSwap!.Venue);
            var opportunities = await store.GetLatestOpportunitiesAsync(5, TestContext.Current.CancellationToken);
            Assert.Equal([OpportunityKind.Backrun, OpportunityKind.Arbitrage], opportunities.Select(static o => o.Kind));
            Assert.Equal(["\"no \\\"json\\\"\"", ""], opportunities.Select(static o => o.Metadata));
            Assert.Equal([5UL, null], opportunities.Select(static o => o.ActualCostLamports));
            Assert.Equal(new Lsn(10), opportunities[1].TransactionLsn);
        }

        Assert.Equal(["30|1970-01-01T00:00:00.0000000|a|1.5|null", "31|2024-01-01T00:00:00.0000000|b|2.5|{\"k\":1}"], TableRows.Read(Path, HistoryTables.PerformanceMetrics));
        Assert.Equal(["10|7"], TableRows.Read(Path, "SELECT transaction_lsn, schema_hash FROM ml_training_samples"));

        // The columns are the catalogue's, in its order, as in a database that was made today; and it goes on where it was.
        await using var today = await TestStore.OpenAsync();
        const string Described = "SELECT table_name, column_name, data_type, is_nullable FROM duckdb_columns() WHERE NOT internal ORDER BY table_name, column_index";
        Assert.Equal(TableRows.Read(today.Store.Path, Described), TableRows.Read(Path, Described));
        await today.ApplyAsync(TestStore.Transaction(2));
    }

    [Fact]
    public async Task Database_of_a_later_version_is_refused_and_stays_as_it_is()
    {
        Run(Version2 + "UPDATE projector_checkpoint SET schema_version = 4");
        using (var store = new DuckDbStore(new DuckDbOptions { Path = Path }))
        {
            var message = (await Assert.ThrowsAsync<InvalidDataException>(async () => await store.OpenAsync(TestContext.Current.CancellationToken))).Message;
            Assert.Contains("version 4", message, StringComparison.Ordinal);
        }

        Assert.Equal(["4"], TableRows.Read(Path, "SELECT schema_version FROM projector_checkpoint"));
        Assert.Equal(["0"], TableRows.Read(Path, "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'slots'"));
    }

    [Fact]
    public async Task Migration_that_fails_changes_nothing()
    {
        Run(Version2 + "DROP TABLE performance_metrics");
        using (var store = new DuckDbStore(new DuckDbOptions { Path = Path }))
        {
            await Assert.ThrowsAnyAsync<Exception>(async () => await store.OpenAsync(TestContext.Current.CancellationToken));
        }

        Assert.Equal(["2|50"], TableRows.Read(Path, "SELECT schema_version, lsn FROM projector_checkpoint"));
        Assert.Equal(["0"], TableRows.Read(Path, "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'slots'"));
    }

    private void Run(string sql)
    {
        using var connection = new DuckDBConnection("Data Source=" + Path);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
