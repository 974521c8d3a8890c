using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Postgres;
using Mev.Sdk.Storage.Projection;

namespace Mev.Sdk.Storage.CrashHost;

/// <summary>Projects a journal into PostgreSQL in small transactions, and prints each checkpoint.</summary>
internal static class PostgresRun
{
    public static async Task<int> RunAsync(string folder, string connection)
    {
        await using var journal = RecordJournal.Open(new JournalOptions { Directory = folder });
        await using var store = new PostgresStore(new PostgresOptions { ConnectionString = connection });
        using var projector = new Projector(journal, store, new ProjectorOptions { BatchRecords = 200 });
        await projector.StartAsync(CancellationToken.None);
        var printed = ulong.MaxValue;
        while (true)
        {
            // The one before may hold the lock a moment longer than it lived: that is no reason to end.
            if (projector.Checkpoint.Value != printed && (projector.Checkpoint != Lsn.None || store.TransactionCount > 0))
            {
                printed = projector.Checkpoint.Value;
                await Console.Out.WriteLineAsync($"{printed} {store.TransactionCount}");
            }

            await Task.Delay(2);
        }
    }
}
