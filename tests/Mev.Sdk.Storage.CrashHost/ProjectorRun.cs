using Mev.Sdk.Storage.DuckDb;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Projection;

namespace Mev.Sdk.Storage.CrashHost;

/// <summary>Projects a journal in small transactions, and prints each checkpoint.</summary>
internal static class ProjectorRun
{
    public static async Task<int> RunAsync(string folder, string database)
    {
        await using var journal = RecordJournal.Open(new JournalOptions { Directory = folder });
        using var store = new DuckDbStore(new DuckDbOptions { Path = database, WalMegabytes = 1 });
        using var projector = new Projector(journal, store, new ProjectorOptions { BatchRecords = 200 });
        await projector.StartAsync(CancellationToken.None);
        var printed = ulong.MaxValue;
        while (true)
        {
            if (projector.LastError is { } error)
            {
                await Console.Error.WriteLineAsync(error.ToString());
                return 1;
            }

            if (projector.Checkpoint.Value != printed)
            {
                printed = projector.Checkpoint.Value;
                await Console.Out.WriteLineAsync($"{printed} {store.TransactionCount}");
            }

            await Task.Delay(2);
        }
    }
}
