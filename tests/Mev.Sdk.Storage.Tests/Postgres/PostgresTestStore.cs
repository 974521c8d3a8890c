using System.Globalization;
using Mev.Sdk.Storage.Postgres;
using Npgsql;

namespace Mev.Sdk.Storage.Tests.Postgres;

/// <summary>A store with a schema of its own, fed directly with batches.</summary>
internal sealed class PostgresTestStore : IAsyncDisposable
{
    private ulong _next;

    private PostgresTestStore(PostgresOptions options, TimeProvider? time, ulong first) => (Options, Time, Store, _next) = (options, time, new PostgresStore(options, time), first);

    public PostgresOptions Options { get; }

    public TimeProvider? Time { get; }

    public PostgresStore Store { get; private set; }

    public Lsn NextLsn => new(_next);

    public static async Task<PostgresTestStore> OpenAsync(PostgresFixture fixture, Action<PostgresOptions>? configure = null, TimeProvider? time = null, ulong first = 1)
    {
        var options = await fixture.OptionsAsync();
        configure?.Invoke(options);
        var store = new PostgresTestStore(options, time, first);
        Assert.Equal(Lsn.None, await store.Store.OpenAsync(TestContext.Current.CancellationToken));
        return store;
    }

    /// <summary>Closes and opens, as a restart does: the filter is empty then.</summary>
    public async Task<Lsn> ReopenAsync()
    {
        await Store.DisposeAsync();
        Store = new PostgresStore(Options, Time);
        return await Store.OpenAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Stores frames as one transaction; returns the LSN of the first.</summary>
    public async Task<Lsn> ApplyAsync(params byte[][] frames)
    {
        var first = NextLsn;
        var batch = TestRecords.Batch(frames, first, firstSequence: _next);
        _next += (ulong)frames.Length;
        await Store.ApplyAsync([batch], batch.LastLsn, TestContext.Current.CancellationToken);
        batch.Release();
        return first;
    }

    public async Task<long> ScalarAsync(string sql) => Convert.ToInt64(await ReadAsync(sql), CultureInfo.InvariantCulture);

    public async Task<object?> ReadAsync(string sql)
    {
        var connection = await ConnectAsync();
        await using var _ = connection;
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Statements that tests change things with, and EXPLAIN's lines.</summary>
    public async Task<string> LinesAsync(string sql)
    {
        var connection = await ConnectAsync();
        await using var _ = connection;
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(0));
        }

        return string.Join('\n', lines);
    }

    public async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Options.ConnectionString) { SearchPath = Options.Schema, Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    public async ValueTask DisposeAsync() => await Store.DisposeAsync();
}
