// The regions between the snippet marks are an example of src/Mev.Sdk.Storage/README.md, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Archive.Import;
using Mev.Sdk.Storage.Blobs;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Integration.Tests.Readme.Packages;

internal static class ArchiveImportExample
{
    public static async Task RunAsync(IProgress<ArchiveImportProgress> console)
    {
        // snippet-start: program
        var store = new FolderBlobStore("archive");
        var report = await new ArchiveImporter(store).ImportAsync("blocks", console);   // again after an interruption: it goes on
        foreach (var problem in report.Problems)
        {
            Console.WriteLine(problem);                                                 // which file, where in it, what is wrong
        }

        var slots = ArchiveRange.OfSlots(285_000_000, 285_000_999);
        await foreach (var json in ArchiveJson.ReadDocumentsAsync(new ArchiveSet(store).ReadArchivedAsync(slots)))
        {
            Console.WriteLine($"{json.Length} bytes, equal in value to the file");
        }

        // snippet-end
    }
}
