using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tests;
using Mev.Sdk.Storage.Tests.Archive.Objects;
using Mev.Sdk.Storage.Tests.Queries;
using Mev.Sdk.Storage.Tiers;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Storage.DuckDb.Tests.Parquet;

/// <summary>The real mover into real files, and what may go wrong there.</summary>
public sealed class ParquetMoveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MemoryBlobStore _blobs = new();
    private readonly TierCatalogueStore _catalogue = new(new MemoryBlobStore());
    private readonly FakeTimeProvider _time = new(BufferSource.Start.AddDays(1));
    private readonly RowBuffer _rows = HistoryData.Generate(HistoryTables.Transactions, new Random(8), 900, extremes: false);
    private readonly ParquetTier _tier;

    public ParquetMoveTests() => _tier = new ParquetTier(_blobs, new ParquetTierOptions { CacheDirectory = _folder.Combine("cache") });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _tier.Dispose();
        _rows.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Target_that_is_full_or_read_only_costs_nothing_and_the_next_pass_moves()
    {
        var source = new BufferSource(_rows);
        foreach (var problem in new Exception[] { new IOException("No space left on device"), new UnauthorizedAccessException("Access denied") })
        {
            _blobs.OnWrite = _ => throw problem;
            var failed = await Assert.ThrowsAsync<AggregateException>(async () => await Mover(source).RunAsync(Token));
            Assert.Contains(problem, failed.InnerExceptions);
            Assert.Equal(_rows.RowCount, source.Rows);
            Assert.Empty((await _catalogue.ReadAsync(Token)).Entries);
        }

        _blobs.OnWrite = null;
        await AssertMovedAsync(source, await Mover(source).RunAsync(Token));
    }

    [Fact]
    public async Task Part_that_the_store_keeps_damaged_is_refused_and_no_row_is_deleted()
    {
        var source = new BufferSource(_rows);
        _blobs.Corrupt = static (_, bytes) =>
        {
            bytes[bytes.Length / 3] ^= 1;
            return bytes;
        };
        var failed = await Assert.ThrowsAsync<AggregateException>(async () => await Mover(source).RunAsync(Token));
        Assert.All(failed.InnerExceptions, static e => Assert.IsType<InvalidDataException>(e));
        Assert.Equal(_rows.RowCount, source.Rows);
        Assert.Empty((await _catalogue.ReadAsync(Token)).Entries);

        _blobs.Corrupt = static (_, bytes) => bytes[..(bytes.Length / 2)];
        await Assert.ThrowsAsync<AggregateException>(async () => await Mover(source).RunAsync(Token));
        Assert.Equal(_rows.RowCount, source.Rows);

        _blobs.Corrupt = null;
        await AssertMovedAsync(source, await Mover(source).RunAsync(Token));
    }

    [Fact]
    public async Task Store_that_takes_a_byte_at_a_time_gets_all_of_them()
    {
        var source = new BufferSource(_rows);
        using var slow = new ParquetTier(new SlowBlobStore(_blobs), new ParquetTierOptions { CacheDirectory = _folder.Combine("slow") });
        using var mover = new TierMover(source, slow, cold: null, _catalogue, timeProvider: _time);

        await AssertMovedAsync(source, await mover.RunAsync(Token));
    }

    [Fact]
    public async Task Of_two_movers_at_once_one_works()
    {
        var source = new BufferSource(_rows);
        var (reading, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        source.OnRead = () =>
        {
            reading.TrySetResult();
            return go.Task;
        };
        using var one = Mover(source);
        var working = one.RunAsync(Token).AsTask();
        await reading.Task.WaitAsync(TimeSpan.FromMinutes(2), Token);

        using var two = Mover(source);
        Assert.Equal(0, await two.RunAsync(Token));
        Assert.NotNull(two.State.Other);

        go.SetResult();
        await AssertMovedAsync(source, await working);
    }

    [Fact]
    public async Task Question_about_a_file_that_is_gone_names_it()
    {
        var source = new BufferSource(_rows);
        await Mover(source).RunAsync(Token);
        var store = new ParquetHistoryStore(_tier, _catalogue);
        var count = new Storage.Queries.HistoryQuery { Table = "transactions", Aggregates = [Storage.Queries.HistoryAggregate.Count()] };
        var planner = new Storage.Queries.HistoryPlanner([store]);
        Assert.Equal(_rows.RowCount, (int)(await planner.AskAsync(count, cancellationToken: Token)).Rows[0][0].AsInteger());

        // A file that is gone although the catalogue names it is told, by its name.
        var part = (await _catalogue.ReadAsync(Token)).Entries[0].Parts[0];
        await _tier.RemoveAsync(part.Name, Token);
        var failed = await Assert.ThrowsAsync<Storage.Queries.HistoryStoreException>(async () => await planner.AskAsync(count, cancellationToken: Token));
        Assert.Contains(part.Name, failed.InnerException!.Message, StringComparison.Ordinal);
    }

    private TierMover Mover(BufferSource source) => new(source, _tier, cold: null, _catalogue, timeProvider: _time);

    private async Task AssertMovedAsync(BufferSource source, int moves)
    {
        Assert.Equal(0, source.Rows);
        var catalogue = await _catalogue.ReadAsync(Token);
        Assert.Equal(moves, catalogue.Entries.Count);
        var sum = default(RowSum);
        foreach (var part in catalogue.Entries.SelectMany(static entry => entry.Parts))
        {
            await foreach (var rows in _tier.ReadAsync(HistoryTables.Transactions, part.Name, Token))
            {
                sum = sum.Add(rows);
            }
        }

        Assert.Equal(default(RowSum).Add(_rows), sum);
        Assert.Equal(catalogue.Entries.SelectMany(static entry => entry.Parts).Select(static part => part.Name).Order(), (await _tier.ListAsync(Token).ToListAsync(Token)).Order());
    }
}
