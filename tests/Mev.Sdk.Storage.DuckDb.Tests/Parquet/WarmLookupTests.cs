using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Mev.Sdk.Storage.Blobs;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tests;
using Mev.Sdk.Storage.Tests.Queries;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.DuckDb.Tests.Parquet;

/// <summary>One transaction by its signature out of many; with MEV_LONG=1 out of a million.</summary>
public sealed class WarmLookupTests
{
    private static readonly int Rows = Environment.GetEnvironmentVariable("MEV_LONG") == "1" ? 1_000_000 : 40_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(8)]
    [InlineData(32)]
    public async Task Signatures_are_found_and_most_row_groups_are_not_read_for_them(int groups)
    {
        using var folder = new TemporaryFolder();
        using var blobs = new FolderBlobStore(folder.Path);
        using var tier = new ParquetTier(blobs, new ParquetTierOptions { RowGroupRows = Rows / groups });
        var signatures = new List<Signature>();
        var bytes = await tier.WriteAsync(HistoryTables.Transactions, new TierPartition(HistoryRange.Slot, 1), "slot-1/transactions/a", GenerateAsync(signatures), Token);
        var path = folder.Combine("warm", "slot-1", "transactions", "a.parquet");
        using var connection = tier.Engine.Connect();
        var dialect = new ParquetDialect([path]);
        var query = new HistoryQuery { Table = "transactions" };
        var random = new Random(9);
        var times = new List<double>();
        var processor = TimeSpan.Zero;
        for (var i = 0; i < 220; i++)
        {
            processor = i == 20 ? Environment.CpuUsage.TotalTime : processor;
            var wanted = signatures[random.Next(signatures.Count)];
            var statement = HistorySql.Write(query with { Filter = HistoryFilter.Equal("signature", wanted) }, dialect);
            var started = Stopwatch.GetTimestamp();
            var found = await HistoryCommand.ReadAsync(connection, statement, Token).ToListAsync(Token);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            Assert.Equal(wanted, Assert.Single(found)[HistoryTables.Transactions["signature"].Ordinal].AsSignature());
        }

        processor = Environment.CpuUsage.TotalTime - processor;
        var last = times[20..];
        last.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{Rows} rows, {bytes} B: {(double)bytes / Rows:F1} B a row; look-ups p50 {last[100]:F2} ms, p99 {last[198]:F2} ms, {processor.TotalMilliseconds / last.Count:F2} ms of processor time each, {groups} row groups"));

        // Of all row groups those are left that the Bloom filter lets pass: the one that has it, and seldom one for nothing.
        using var command = connection.CreateCommand();
        var passed = 0L;
        foreach (var signature in signatures.Take(40))
        {
            var prefix = MemoryMarshal.Read<ulong>(Signature.AsSpan(in signature));
            command.CommandText = $"SELECT count(*) FILTER (NOT bloom_filter_excludes) FROM parquet_bloom_probe('{path}', 'signature_prefix', {prefix.ToString(CultureInfo.InvariantCulture)}::UBIGINT)";
            passed += (long)command.ExecuteScalar()!;
        }

        Assert.InRange(passed, 40, 40 + (groups * 3));
    }

    private static async IAsyncEnumerable<RowBuffer> GenerateAsync(List<Signature> signatures)
    {
        var random = new Random(3);
        for (var left = Rows; left > 0; left -= 10_000)
        {
            await Task.Yield();
            using var rows = HistoryData.Generate(HistoryTables.Transactions, random, Math.Min(left, 10_000), extremes: false);

            // Every signature is another one, as they are.
            using var buffer = new RowBuffer(HistoryTables.Transactions);
            for (var reader = rows.Read(); reader.NextRow();)
            {
                var row = reader.Row.ToArray();
                random.NextBytes(row.AsSpan(2 * sizeof(ulong), Signature.Size));
                signatures.Add(new Signature(row.AsSpan(2 * sizeof(ulong), Signature.Size)));
                buffer.AddRow(row);
            }

            yield return buffer;
        }
    }
}
