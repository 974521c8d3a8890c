// The regions between the snippet marks are the example of src/Mev.Sdk.Storage/README.md, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using Mev.Sdk;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Wire;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Integration.Tests.Readme.Packages;

internal static class JournalExample
{
    public static async Task RunAsync(RecordBatch batch, TextWriter Console)
    {
        // snippet-start: program
        await using var journal = RecordJournal.Open(new JournalOptions { Directory = "data/journal" });
        await journal.WriteAsync(batch);             // copied; durable within CommitInterval
        await journal.FlushAsync();                  // or now

        await foreach (var stored in journal.ReadAsync(Lsn.None, follow: false))
        {
            foreach (var record in stored)
            {
                Console.WriteLine($"{record.Lsn}: {record.Frame.Length} bytes");
            }

            stored.Release();
        }

        // snippet-end
    }
}
