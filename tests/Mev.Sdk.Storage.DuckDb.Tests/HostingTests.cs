using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tests;
using Mev.Sdk.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Mev.Sdk.Storage.DuckDb.Tests;

public sealed class HostingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Host_journals_projects_tells_listeners_and_gives_everything_free()
    {
        for (var run = 0; run < 2; run++)
        {
            var listener = new Listener();
            using var host = Build(services => services.AddSingleton<IDurabilityListener>(listener));
            await host.StartAsync(TestContext.Current.CancellationToken);
            var journal = host.Services.GetRequiredService<RecordJournal>();
            Assert.Same(journal, host.Services.GetRequiredService<IRecordLog>());
            Assert.Same(journal, Assert.Single(host.Services.GetServices<IRecordSink>()));
            Assert.Same(host.Services.GetRequiredService<IHistoryReader>(), host.Services.GetRequiredService<ITrainingSampleStore>());

            // The same transactions in both runs, as an engine that replays a file twice.
            var batch = TestRecords.Transactions(journal.NextLsn, 100, session: (ulong)run + 1);
            await journal.WriteAsync(batch, TestContext.Current.CancellationToken);
            var projector = host.Services.GetRequiredService<Projector>();
            await Poll.UntilAsync(() => projector.Checkpoint == batch.LastLsn, () => projector.LastError);
            Assert.Equal(100, host.Services.GetRequiredService<IHistoryReader>().TransactionCount);
            Assert.Equal(batch.LastLsn, listener.Durable);
            batch.Release();
            await host.StopAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Own_keys_encrypt_the_journal_and_retention_keeps_what_the_projector_needs()
    {
        var keys = new ConfiguredKeyProvider(CrashHost.CrashKeys.Options(encrypted: true));
        using var host = Build(services =>
        {
            services.AddSingleton<IKeyProvider>(keys);
            services.AddMevSdk().AddStorage(static o =>
            {
                (o.Journal.SegmentBytes, o.Journal.Retention.MaxBytes) = (64 << 10, 128 << 10);
                o.Journal.Encryption.Required = true;
            });
        });
        var journal = host.Services.GetRequiredService<RecordJournal>();
        var projector = host.Services.GetRequiredService<Projector>();
        Assert.Same(projector, Assert.Single(host.Services.GetServices<IRetentionHold>()));

        // Before the host starts nobody has said what he needs, so nothing goes; afterwards what was projected goes.
        await WriteAsync(1, 3000);
        Assert.Equal(0, journal.Statistics.RemovedSegments);
        await host.StartAsync(TestContext.Current.CancellationToken);
        await Poll.UntilAsync(() => projector.Checkpoint == journal.DurableLsn, () => projector.LastError);
        await WriteAsync(3001, 100);
        await Poll.UntilAsync(() => journal.Statistics.RemovedSegments > 0, () => projector.LastError);
        await Poll.UntilAsync(() => projector.Checkpoint == journal.DurableLsn, () => projector.LastError);
        Assert.Equal(3100, host.Services.GetRequiredService<IHistoryReader>().TransactionCount);
        Assert.Equal([new SequenceRange(7, 99, 1, 3100)], journal.DurableRanges);
        await host.StopAsync(TestContext.Current.CancellationToken);

        async Task WriteAsync(ulong first, int count)
        {
            for (var done = 0; done < count; done += 100)
            {
                var batch = TestRecords.Transactions(journal.NextLsn, 100, first + (ulong)done);
                await journal.WriteAsync(batch, TestContext.Current.CancellationToken);
                batch.Release();
            }

            await journal.FlushAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Several_targets_have_a_projector_each_and_a_broken_one_holds_up_no_other()
    {
        using var host = Build(static services =>
        {
            services.AddSingleton<BrokenTarget>();
            services.AddMevSdk().AddProjector<BrokenTarget>().AddProjector<BrokenTarget>();
        });
        await host.StartAsync(TestContext.Current.CancellationToken);
        var projectors = host.Services.GetServices<Projector>().ToDictionary(static p => p.Target);
        Assert.Equal(["broken", "duckdb"], projectors.Keys.Order());
        Assert.Equal(2, host.Services.GetServices<IRetentionHold>().Count());
        Assert.Equal(2, host.Services.GetServices<IProjectionTarget>().Count());

        var journal = host.Services.GetRequiredService<RecordJournal>();
        var batch = TestRecords.Transactions(journal.NextLsn, 100);
        await journal.WriteAsync(batch, TestContext.Current.CancellationToken);
        await Poll.UntilAsync(() => projectors["duckdb"].Checkpoint == batch.LastLsn, () => projectors["duckdb"].LastError);
        await Poll.UntilAsync(() => projectors["broken"].LastError is not null);
        Assert.Equal((0, 100), (projectors["duckdb"].Lag, projectors["broken"].Lag));
        batch.Release();
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Wrong_options_stop_the_start_with_every_key()
    {
        using var host = Build(static services => services.AddMevSdk().AddStorage(static o =>
        {
            o.DataDirectory = " ";
            o.Kind = (DataKind)5;
            o.Journal.BlockBytes = 0;
            o.Projector.BatchRecords = 0;
        }));
        var e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Equal(4, e.Failures.Count());
        Assert.All(["Mev:DataDirectory", "Mev:Storage:Kind", "Mev:Storage:Journal:BlockBytes", "Mev:Storage:Projector:BatchRecords"],
            key => Assert.Contains(key, e.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("MemoryMegabytes")]
    [InlineData("Threads")]
    [InlineData("WalMegabytes")]
    public void Wrong_database_option_is_named(string name)
    {
        var options = new DuckDbOptions { Path = _folder.Combine("x") };
        typeof(DuckDbOptions).GetProperty(name)!.SetValue(options, 0);
        Assert.Contains("Mev:Storage:DuckDb:" + name, Assert.Throws<ArgumentException>(() => new DuckDbStore(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_that_is_no_database_is_named_and_left_alone()
    {
        var path = _folder.Combine("history.duckdb");
        await File.WriteAllTextAsync(path, new string('x', 20_000), TestContext.Current.CancellationToken);
        using var store = new DuckDbStore(new DuckDbOptions { Path = path });
        var e = await Assert.ThrowsAsync<IOException>(async () => await store.OpenAsync(TestContext.Current.CancellationToken));
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        Assert.Equal(20_000, new FileInfo(path).Length);
    }

    [Fact]
    public async Task Tables_of_another_version_are_refused()
    {
        await using var test = await TestStore.OpenAsync();
        test.Scalar("UPDATE projector_checkpoint SET schema_version = 99");
        var e = await Assert.ThrowsAsync<InvalidDataException>(async () => await test.ReopenAsync());
        Assert.Contains("version 99", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disposed_store_refuses()
    {
        var store = new DuckDbStore(new DuckDbOptions { Path = _folder.Combine("history.duckdb") });
        store.Dispose();
        store.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.OpenAsync(TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.GetLatestTransactionsAsync(1, TestContext.Current.CancellationToken));
    }

    private IHost Build(Action<IServiceCollection> more)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddMevSdk()
            .AddStorage(o => (o.DataDirectory, o.Kind) = (_folder.Combine("data"), DataKind.Simulated))
            .UseDuckDb()
            .AddStorage()
            .UseDuckDb(static o => o.Threads = 1);
        more(builder.Services);
        return builder.Build();
    }

    private sealed class Listener : IDurabilityListener
    {
        public Lsn Durable { get; private set; }

        public void OnDurable(Lsn durable, ReadOnlySpan<StreamPosition> positions) => Durable = durable;
    }

    private sealed class BrokenTarget : IProjectionTarget
    {
        public string Name => "broken";

        public ValueTask<Lsn> OpenAsync(CancellationToken cancellationToken) => throw new IOException("gone");

        public ValueTask ApplyAsync(IReadOnlyList<RecordBatch> batches, Lsn checkpoint, CancellationToken cancellationToken) => throw new IOException("gone");
    }
}
