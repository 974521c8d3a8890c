// The regions between the snippet marks are the example of src/Mev.Sdk.Storage.AzureBlobs/README.md, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using Mev.Sdk;
using Mev.Sdk.Storage.AzureBlobs;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Integration.Tests.Readme.Packages;

internal static class AzureBlobsExample
{
    public static async Task RunAsync(string connectionString, Stream content)
    {
        // snippet-start: program
        var store = new AzureBlobStore(new AzureBlobOptions { Container = "mev-archive", ConnectionString = connectionString });
        await store.WriteAsync("notes/first", content, BlobCondition.IfAbsent);

        var part = new byte[4096];
        await store.ReadAsync("notes/first", offset: 0, part);   // one ranged request

        // snippet-end
    }
}
