// The regions between the snippet marks are the example of src/Mev.Sdk.Storage.S3/README.md, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using Mev.Sdk;
using Mev.Sdk.Storage.S3;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Integration.Tests.Readme.Packages;

internal static class S3Example
{
    public static async Task RunAsync(Stream content)
    {
        // snippet-start: program
        using var store = new S3BlobStore(new S3Options { Bucket = "mev-archive", Region = "eu-central-1" });
        await store.WriteAsync("notes/first", content, BlobCondition.IfAbsent);

        var part = new byte[4096];
        await store.ReadAsync("notes/first", offset: 0, part);   // one ranged request

        // snippet-end
    }
}
