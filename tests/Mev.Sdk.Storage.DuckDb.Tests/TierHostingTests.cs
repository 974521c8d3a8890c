using System.Diagnostics.Metrics;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Health;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tests;
using Mev.Sdk.Storage.Tiers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Mev.Sdk.Storage.DuckDb.Tests;

public sealed class TierHostingTests : IDisposable
{
    private const ulong Day = TierPartition.SlotsPerDay;
    private readonly TemporaryFolder _folder = new();
    private int _hosts;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Host_moves_old_days_and_questions_and_look_ups_find_them_in_the_warm_tier()
    {
        var target = new MemoryTarget();
        using var host = Build(
            services => services.AddSingleton<ITierTarget>(target).AddSingleton<IHistoryStore>(new MemoryTargetHistory(target)),
            static options => (options.Interval, options.Policy.HotDays) = (TimeSpan.FromSeconds(1), 1));
        var moved = 0L;
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, l) =>
            {
                if (instrument.Name == "mev.storage.tiers.rows")
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, rows, _, _) => Interlocked.Add(ref moved, rows));
        listener.Start();

        var store = host.Services.GetRequiredService<DuckDbStore>();
        await store.OpenAsync(Token);
        var old = DateTimeOffset.UtcNow.AddDays(-60).ToUnixTimeSeconds();
        byte[][] frames =
        [
            TestStore.Transaction(1, 10 * Day, r => r with { BlockTimeSeconds = old, Stage = SightingStage.Finalized }),
            TestStore.Transaction(2, (10 * Day) + 1, r => r with { BlockTimeSeconds = old, Stage = SightingStage.Finalized }),
            TestStore.Transaction(3, 500 * Day, static r => r with { BlockTimeSeconds = DateTimeOffset.UtcNow.ToUnixTimeSeconds() }),
        ];
        using (var mover = host.Services.GetRequiredService<TierMover>())
        {
            // The journal is the host's: rows come the way they always do.
            await host.StartAsync(Token);
            var journal = host.Services.GetRequiredService<Journal.RecordJournal>();
            var batch = TestRecords.Batch(frames, journal.NextLsn);
            await journal.WriteAsync(batch, Token);
            batch.Release();
            await Poll.UntilAsync(() => mover.State.Moves == 1, () => mover.State.LastError);
            await host.StopAsync(Token);
        }

        Assert.True(Interlocked.Read(ref moved) >= 2); // the meter is the process's, and other tests move rows too
        Assert.Equal(2, target.Rows(HistoryTables.Transactions, static (ref RowReader reader) => reader.ReadUInt64()).Count);
        var planner = host.Services.GetRequiredService<HistoryPlanner>();
        var answer = await planner.AskAsync(new HistoryQuery { Table = "transactions", Columns = ["slot"], Order = [new("slot")] }, cancellationToken: Token);
        Assert.Equal([10 * (long)Day, (10 * (long)Day) + 1, 500 * (long)Day], answer.Rows.Select(static row => row[0].AsInt64()));
        Assert.Equal([(HistoryTier.Hot, 1L), (HistoryTier.Warm, 2L)], answer.Shares.GroupBy(static s => s.Tier).Select(static g => (g.Key, g.Sum(static s => s.Rows))).Order());

        var reader = host.Services.GetRequiredService<IHistoryReader>();
        Assert.IsType<HistoryReader>(reader);
        Assert.Equal(3, reader.TransactionCount);
        Assert.Equal(10 * Day, (await reader.FindTransactionAsync(TestStore.Sign(1), Token))!.Slot);
        Assert.Equal(500 * Day, (await reader.FindTransactionAsync(TestStore.Sign(3), Token))!.Slot);
        Assert.Null(await reader.FindTransactionAsync(TestStore.Sign(4), Token));
        Assert.Equal([3, 2], (await reader.GetLatestTransactionsAsync(2, Token)).Select(static row => (int)row.IndexInBlock));
        Assert.Equal([3], (await reader.GetLatestTransactionsAsync(1, Token)).Select(static row => (int)row.IndexInBlock));
        Assert.Equal([2], (await reader.FindTransactionsAsync(new TransactionQuery { Slot = (10 * Day) + 1, Limit = 5 }, Token)).Select(static row => (int)row.IndexInBlock));

        var health = await host.Services.GetRequiredService<StorageHealthCheck>().CheckHealthAsync(new HealthCheckContext(), Token);
        Assert.Equal((1L, 0), ((long)health.Data["tiers.moves"], (int)health.Data["tiers.held"]));
    }

    [Fact]
    public async Task Dry_run_moves_nothing_and_says_what_it_would()
    {
        var target = new MemoryTarget();
        using var host = Build(services => services.AddSingleton<ITierTarget>(target), static options => (options.Interval, options.Policy.HotDays, options.DryRun) = (TimeSpan.FromSeconds(1), 1, true));
        await host.StartAsync(Token);
        var journal = host.Services.GetRequiredService<Journal.RecordJournal>();
        var batch = TestRecords.Batch([TestStore.Transaction(1, 10 * Day, static r => r with { BlockTimeSeconds = 1_700_000_000, Stage = SightingStage.Finalized }), TestStore.Opportunity(1, 0)], journal.NextLsn);
        await journal.WriteAsync(batch, Token);
        batch.Release();
        var mover = host.Services.GetRequiredService<TierMover>();
        await Poll.UntilAsync(() => mover.State.Due.Count > 0, () => mover.State.LastError);
        await host.StopAsync(Token);
        Assert.Equal(0, mover.State.Moves);
        Assert.All(mover.State.Due, static due => Assert.Equal((HistoryTier.Hot, HistoryTier.Warm), (due.From, due.To)));
        Assert.Empty(target.Rows(HistoryTables.Transactions, static (ref RowReader reader) => reader.ReadUInt64()));
    }

    [Fact]
    public void Tier_that_is_missing_or_not_chosen_is_told_by_key_and_remedy()
    {
        using var chosen = Build(static services => services.AddSingleton<ITierTarget>(new MemoryTarget()).AddMevSdk().UseParquet(), static options => options.Target = "memory");
        Assert.Equal(["duckdb"], chosen.Services.GetRequiredService<HistoryPlanner>().Stores.Select(static store => store.Name));
        using var none = Build(static _ => { }, static _ => { });
        Assert.Contains("Mev:Storage:Tiers:Target", Assert.Throws<InvalidOperationException>(() => none.Services.GetRequiredService<TierMover>()).Message, StringComparison.Ordinal);
        using var unknown = Build(static services => services.AddSingleton<ITierTarget>(new MemoryTarget()), static options => options.Target = "tape");
        var e = Assert.Throws<InvalidOperationException>(() => unknown.Services.GetRequiredService<TierMover>());
        Assert.Equal("Mev:Storage:Tiers:Target is 'tape': set one of memory.", e.Message);
        using var several = Build(static services => services.AddSingleton<ITierTarget>(new MemoryTarget()).AddSingleton<ITierTarget>(new MemoryTarget()), static _ => { });
        Assert.Contains("there are memory, memory: set one of them", Assert.Throws<InvalidOperationException>(() => several.Services.GetRequiredService<TierMover>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_option_stops_the_start_with_its_key()
    {
        using var host = Build(static services => services.AddSingleton<ITierTarget>(new MemoryTarget()), static options => (options.MegabytesPerSecond, options.Policy.WarmDays) = (0, 3));
        var e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Token));
        Assert.All(["Mev:Storage:Tiers:MegabytesPerSecond", "Mev:Storage:Tiers:Policy:WarmDays"], key => Assert.Contains(key, e.Message, StringComparison.Ordinal));
    }

    private IHost Build(Action<IServiceCollection> more, Action<TierMoverOptions> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        more(builder.Services);
        builder.Services.AddMevSdk()
            .AddStorage(o => (o.DataDirectory, o.Kind) = (_folder.Combine($"data{_hosts++}"), DataKind.Simulated))
            .UseDuckDb()
            .UseTiers(configure)
            .UseTiers();
        builder.Services.AddHealthChecks().AddMevStorage();
        return builder.Build();
    }
}
