using System.Text.RegularExpressions;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Postgres;
using Mev.Sdk.Storage.Relational;
using static Mev.Sdk.Storage.Tests.Postgres.Frames;

namespace Mev.Sdk.Storage.Tests.Postgres;

/// <summary>That the history's questions use the index that was made for them, on partitions with enough rows for PostgreSQL to want one.</summary>
[Trait("Needs", "postgres")]
public sealed partial class ExplainTests(PostgresFixture fixture)
{
    private const int Rows = 60_000;
    private const int FirstDay = 1000;

    [Fact]
    public async Task Each_question_uses_its_index_and_the_partitions_that_can_have_answers()
    {
        await using var test = await PostgresTestStore.OpenAsync(fixture);
        await FillAsync(test);
        var ids = new Dictionary<Pubkey, int>();
        foreach (var key in new[] { Key(3), Key(70_001), Key(70_002) })
        {
            ids[key] = (int)await test.ScalarAsync($"SELECT id FROM keys WHERE key = '\\x{Convert.ToHexString(Pubkey.AsSpan(in key))}'");
        }

        string Find(TransactionQuery query) => HistorySql.FindTransactions(query, ids, hasGreatLsns: false);
        var bySignature = HistorySql.FindTransaction.Replace("$1", "5", StringComparison.Ordinal).Replace("$2", "'\\x00'", StringComparison.Ordinal);
        await AssertAsync(test, bySignature, "signature_prefix_idx", days: [FirstDay, FirstDay + 1, FirstDay + 2]);
        await AssertAsync(test, HistorySql.FindOpportunities.Replace("$1", "5", StringComparison.Ordinal).Replace("$2", "'\\x00'", StringComparison.Ordinal), "signature_prefix_idx");
        await AssertAsync(test, Find(new TransactionQuery { Limit = 50 }), "expr_idx", days: [FirstDay, FirstDay + 1, FirstDay + 2]);
        await AssertAsync(test, Find(new TransactionQuery { Limit = 50, Before = new Lsn(30_000) }), "expr_idx");
        await AssertAsync(test, HistorySql.LatestOpportunities(50, hasGreatLsns: false), "expr_idx");
        await AssertAsync(test, Find(new TransactionQuery { Slot = FirstDay * Schema.SlotsOfDay + 7 }), "slot_idx", days: [FirstDay]);
        await AssertAsync(test, Find(new TransactionQuery { Payer = Key(3) }), "payer_id_idx");
        await AssertAsync(test, Find(new TransactionQuery { Mint = Key(70_001), OtherMint = Key(70_002) }), "mint_in_id_mint_out_id_idx");
        await AssertAsync(test, Find(new TransactionQuery { Mint = Key(70_002) }), "mint_out_id_idx");
        await AssertAsync(test, Find(new TransactionQuery { Venue = (VenueId)77 }), "venue_idx");
        await AssertAsync(test, Find(new TransactionQuery { MinimumScore = 0.9 }), "score_idx");

        // The catalogue's own words, as the queries of the history have them.
        await AssertAsync(test, $"SELECT lsn FROM transactions WHERE slot BETWEEN {(FirstDay + 1) * (long)Schema.SlotsOfDay} AND {(FirstDay + 1) * (long)Schema.SlotsOfDay + 3}", "slot_idx", days: [FirstDay + 1]);
        var payer = Key(3);
        await AssertAsync(test, $"SELECT lsn FROM transactions WHERE payer = '\\x{Convert.ToHexString(Pubkey.AsSpan(in payer))}'", "payer_id_idx");
        var dialect = new StoreDialect();
        var wanted = Sign(5);
        await AssertAsync(test, $"SELECT lsn FROM transactions t WHERE {dialect.Narrow(HistoryTables.Transactions, HistoryTables.Transactions["signature"], Signature.AsSpan(in wanted))} AND signature = '\\x{Convert.ToHexString(Signature.AsSpan(in wanted))}'", "signature_prefix_idx");
        Assert.Equal("payer_id", dialect.ColumnName(HistoryTables.Transactions, HistoryTables.Transactions["payer"]));
        var joins = await test.LinesAsync("EXPLAIN SELECT count(*), sum(fee_lamports) FROM transactions");
        Assert.DoesNotContain("keys", joins, StringComparison.Ordinal);
        Assert.DoesNotContain("slot_stages", joins, StringComparison.Ordinal);
    }

    private static async Task AssertAsync(PostgresTestStore test, string sql, string index, int[]? days = null)
    {
        var plan = await test.LinesAsync("EXPLAIN (COSTS OFF) " + sql);
        Assert.True(plan.Contains(index, StringComparison.Ordinal), $"{sql}\ndoes not use {index}:\n{plan}");

        // Partitions that were made ahead are empty, and read as they are.
        Assert.DoesNotContain(plan.Split('\n'), static line => BigScan().IsMatch(line));
        if (days is not null)
        {
            var seen = Partition().Matches(plan).Select(static m => int.Parse(m.Groups["day"].Value, System.Globalization.CultureInfo.InvariantCulture)).Where(static d => d < FirstDay + 3).Distinct().Order();
            Assert.Equal(days, seen);
        }
    }

    private static async Task FillAsync(PostgresTestStore test)
    {
        for (var done = 0; done < Rows; done += 10_000)
        {
            var at = done;
            await test.ApplyAsync([.. Enumerable.Range(at, 10_000).Select(static i => Transaction(
                i, (ulong)(FirstDay + i / 20_000) * Schema.SlotsOfDay + (ulong)(i % 20_000 / 100), r => r with { Payer = Key(i % 2000) }, i % 3 == 0 ? [Venue(i)] : []))]);
        }

        await test.ApplyAsync([.. Enumerable.Range(1, 5000).Select(static i => Opportunity((ulong)i, i, static r => r with { Slot = FirstDay * Schema.SlotsOfDay }))]);
        await test.ApplyAsync(Prediction("m", [.. Enumerable.Range(1, 5000).Select(static i => (new Lsn((ulong)i * 10), i % 100 == 0 ? 0.95f : 0.1f))]));
        await test.ReadAsync("ANALYZE");
    }

    private static SwapEntry Venue(int i) => i % 3000 == 0 ? Swap(70_001, 70_002, (VenueId)77) : Swap(80_000 + i % 50, 80_100 + i % 70, (VenueId)(i % 4));

    [GeneratedRegex(@"Seq Scan on (transactions_rows_100[012]|mev_opportunities_rows_1000)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BigScan();

    [GeneratedRegex(@"on transactions_rows_(?<day>\d+)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Partition();
}
