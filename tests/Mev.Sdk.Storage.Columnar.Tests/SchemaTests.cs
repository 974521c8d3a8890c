using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tests;
using Mev.Sdk.TestKit;

namespace Mev.Sdk.Storage.Columnar.Tests;

public sealed class SchemaTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Transaction_rows_stand_in_their_columns()
    {
        var row = new TransactionRow
        {
            Lsn = new Lsn(1), RawLsn = new Lsn(2), Signature = Make.Signature(3), Slot = 4, BlockTime = DateTimeOffset.UnixEpoch.AddSeconds(5), Stage = SightingStage.Finalized,
            ProcessedAt = DateTimeOffset.UnixEpoch.AddTicks(7), IndexInBlock = 8, Payer = Make.Key(9), Flags = TransactionFlags.Failed, FeeLamports = 10, TipLamports = 11,
            ComputeUnitPriceMicroLamports = 12, ComputeUnitLimit = 13, ComputeUnitsConsumed = 14, ErrorCode = (TransactionErrorCode)15, ErrorCustomCode = 16, SwapCount = 1,
            FirstSwap = new SwapSummary((VenueId)2, Make.Key(17), Make.Key(18), Make.Key(19), 20, 21, 6, 9), Score = 0.5f, ModelVersion = "m",
        };
        var bare = row with { Lsn = new Lsn(30), BlockTime = null, SwapCount = 0, FirstSwap = null, Score = null, ModelVersion = null, ProcessedAt = DateTimeOffset.MaxValue };

        var read = await WriteAsync(RowSchemas.Transactions, row, bare);

        Assert.Equal(
            $"1|2|{Hex(Make.Signature(3))}|4|5000000000|4|700|8|{Hex(Make.Key(9))}|{(uint)TransactionFlags.Failed}|10|11|12|13|14|15|16|1|2|{Hex(Make.Key(17))}|{Hex(Make.Key(18))}|{Hex(Make.Key(19))}|20|21|6|9|0.5|m",
            read[0]);
        Assert.Equal($"30|2|{Hex(Make.Signature(3))}|4|null|4|null|8|{Hex(Make.Key(9))}|{(uint)TransactionFlags.Failed}|10|11|12|13|14|15|16|0|null|null|null|null|null|null|null|null|null|null", read[1]);
    }

    [Fact]
    public async Task Opportunity_rows_stand_in_their_columns()
    {
        var row = new OpportunityRow
        {
            Lsn = new Lsn(1), OpportunityId = 2, Kind = OpportunityKind.Arbitrage, StrategyId = 3, TransactionLsn = new Lsn(4), Signature = Make.Signature(5), Slot = 6, ProfitLamports = -7, CostLamports = 8,
            ActualCostLamports = 9, Confidence = 0.25, Flags = OpportunityFlags.Executed, DetectedAt = DateTimeOffset.UnixEpoch.AddTicks(1), ExecutedAt = null, Success = true, Outcome = (OutcomeStatus)1, Metadata = "{}",
        };

        var read = await WriteAsync(RowSchemas.Opportunities, row, row with { Slot = 1, Signature = null, TransactionLsn = null, ActualCostLamports = null, Confidence = null, Success = null, DetectedAt = null });

        Assert.Equal($"1|2|{(int)OpportunityKind.Arbitrage}|3|null|null|1|-7|8|null|null|{(uint)OpportunityFlags.Executed}|null|null|null|1|{{}}", read[0]);
        Assert.Equal($"1|2|{(int)OpportunityKind.Arbitrage}|3|4|{Hex(Make.Signature(5))}|6|-7|8|9|0.25|{(uint)OpportunityFlags.Executed}|100|null|true|1|{{}}", read[1]);
    }

    [Fact]
    public void Builder_refuses_what_is_no_table()
    {
        Assert.Throws<InvalidOperationException>(() => new TableSchemaBuilder<int>("empty").Build());
        Assert.Throws<ArgumentException>(() => new TableSchemaBuilder<int>("twice").Int64("a", static (in r) => r).Int64("a", static (in r) => r));
        Assert.Throws<ArgumentException>(() => new TableSchemaBuilder<int>("sorted").Int64("a", static (in r) => r).SortBy("a"));
        Assert.Throws<ArgumentException>(() => new TableSchemaBuilder<int>("sorted").OptionalUInt64("a", static (in r) => (ulong)r).SortBy("a"));
    }

    [Fact]
    public void Schema_says_what_it_is()
    {
        var schema = RowSchemas.Transactions;

        Assert.Equal("transactions", schema.Name);
        Assert.Equal(["slot", "lsn"], schema.SortedBy);
        Assert.Equal(new ColumnDescription("payer", ColumnType.Fixed, Pubkey.Size, IsNullable: true), schema.Columns.Single(static column => column.Name == "payer"));
    }

    private static string Hex(Pubkey key) => Convert.ToHexString(Pubkey.AsSpan(in key));

    private static string Hex(Signature signature) => Convert.ToHexString(Signature.AsSpan(in signature));

    private async Task<List<string>> WriteAsync<T>(TableSchema<T> schema, params T[] rows)
    {
        var path = _folder.Combine("x.parquet");
        await using (var file = File.Create(path))
        {
            using var writer = new ParquetTableWriter<T>(file, schema);
            foreach (var row in rows)
            {
                writer.Add(in row);
            }

            await writer.CompleteAsync(TestContext.Current.CancellationToken);
        }

        return [.. DuckDb.Read(path).Select(static row => string.Join('|', row))];
    }
}
