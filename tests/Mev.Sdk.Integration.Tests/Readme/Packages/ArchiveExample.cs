// The regions between the snippet marks are the example of src/Mev.Sdk.Storage/README.md, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using Mev.Sdk;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Blobs;
using Mev.Sdk.Storage.Journal;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Integration.Tests.Readme.Packages;

internal static class ArchiveExample
{
    public static async Task RunAsync(RecordJournal journal, Signature signature, TextWriter Console)
    {
        // snippet-start: program
        using var store = new FolderBlobStore("data/archive");
        using var sealer = new ArchiveSealer(journal, store, new ArchiveOptions { SpoolDirectory = "data/archive-spool" });
        await sealer.SealAsync();                    // what is durable now; StartAsync tails

        var archive = new ArchiveSet(store);
        await foreach (var batch in archive.FindAsync(signature))
        {
            foreach (var record in batch)
            {
                if (TransactionView.TryRead(in record, out var transaction))
                {
                    Console.WriteLine($"{record.Lsn}: slot {transaction.Record.Slot}, {transaction.Wire.Length} bytes of wire");
                }
            }

            batch.Release();
        }

        await foreach (var batch in archive.ReadAsync(ArchiveRange.OfSlots(285_000_000, 285_000_100)))
        {
            batch.Release();
        }

        var report = await archive.VerifyAsync();
        Console.WriteLine($"{report.Frames} records in {report.Bytes} bytes, {report.Damages.Count} damages");

        // snippet-end
    }
}
