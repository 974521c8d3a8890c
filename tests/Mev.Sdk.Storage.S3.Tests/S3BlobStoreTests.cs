using Amazon.S3.Model;
using Mev.Sdk.Storage.Tests.Blobs;

namespace Mev.Sdk.Storage.S3.Tests;

[Trait("Needs", "s3")]
public sealed class S3BlobStoreTests : BlobStoreContract, IDisposable
{
    private readonly S3Server _server;
    private readonly string _prefix = $"archive-{Guid.NewGuid():N}/";
    private readonly List<S3BlobStore> _stores = [];

    public S3BlobStoreTests(S3Server server)
    {
        server.Demand();
        _server = server;
    }

    public void Dispose() => _stores.ForEach(static store => store.Dispose());

    protected override IBlobStore Open() => Store(_server.Options(_prefix));

    [Fact]
    public async Task List_goes_over_pages_and_leaves_out_what_is_not_the_stores()
    {
        var store = Open();
        var names = Enumerable.Range(0, 11).Select(static i => $"p/{i:d3}").ToList();
        await Task.WhenAll(names.Select(name => store.WriteAsync(name, Stream([1], seeks: true), BlobCondition.None, Token).AsTask()));
        using var client = _server.Client();
        await client.PutObjectAsync(new PutObjectRequest { BucketName = _server.Bucket, Key = _prefix + "p/.hidden", ContentBody = "x" }, Token);
        await client.PutObjectAsync(new PutObjectRequest { BucketName = _server.Bucket, Key = _prefix[..^1] + "0/other", ContentBody = "x" }, Token);
        var paged = new S3BlobStore(_server.Options(_prefix)) { PageKeys = 3 };
        _stores.Add(paged);
        Assert.Equal(names, await ListAsync(paged, ""));
        Assert.Equal(names.Skip(10), await ListAsync(paged, "p/01"));
    }

    [Fact]
    public async Task Upload_that_breaks_leaves_no_parts_behind()
    {
        var store = Open();
        using (var broken = new BreakingStream(20 << 20, 12 << 20, new InvalidOperationException("the cable")))
        {
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await store.WriteAsync("w", broken, BlobCondition.None, Token));
        }

        using var client = _server.Client();
        var uploads = await client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = _server.Bucket, Prefix = _prefix }, Token);
        Assert.Empty(uploads.MultipartUploads ?? []);
    }

    [Fact]
    public async Task Blob_of_too_many_parts_is_refused_by_name_of_the_option()
    {
        var options = _server.Options(_prefix);
        using var client = _server.Client(new PassingBy(static _ => false, static (_, _) => throw new NotSupportedException()));
        var store = new S3BlobStore(client, options) { MostParts = 2 };
        _stores.Add(store);
        var refused = await Assert.ThrowsAsync<IOException>(async () => await store.WriteAsync("w", Stream(Random(12 << 20), seeks: true), BlobCondition.None, Token));
        Assert.Contains("Mev:Storage:S3:PartBytes", refused.Message, StringComparison.Ordinal);
        Assert.Null(await store.GetInfoAsync("w", Token));
    }

    [Fact]
    public async Task Bucket_that_is_not_there_is_named_by_every_call()
    {
        var options = _server.Options(_prefix);
        options.Bucket = "nobody-made-this";
        await AllFailAsync(Store(options), "'nobody-made-this'", "Mev:Storage:S3:Bucket");
    }

    [Fact]
    public async Task Wrong_secret_is_told_as_such_and_never_shown()
    {
        var options = _server.Options(_prefix);
        options.SecretAccessKey = "not-the-secret-at-all";
        var messages = await AllFailAsync(Store(options), $"'{_server.Bucket}'", "Mev:Storage:S3:AccessKeyId");
        Assert.All(messages, message => Assert.DoesNotContain(options.SecretAccessKey, message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Server_that_is_not_there_is_told_as_such()
    {
        var options = _server.Options(_prefix);
        (options.ServiceUrl, options.MaxRetries) = ("http://127.0.0.1:1", 0);
        await AllFailAsync(Store(options), "http://127.0.0.1:1", "Mev:Storage:S3:ServiceUrl");
    }

    private static async Task<List<string>> AllFailAsync(S3BlobStore store, params string[] says)
    {
        Exception[] failures =
        [
            await Assert.ThrowsAsync<IOException>(async () => await store.GetInfoAsync("a", Token)),
            await Assert.ThrowsAsync<IOException>(async () => await store.ReadAsync("a", 0, new byte[1], Token)),
            await Assert.ThrowsAsync<IOException>(async () => await store.WriteAsync("a", Stream([1], seeks: true), BlobCondition.None, Token)),
            await Assert.ThrowsAsync<IOException>(async () => await store.WriteAsync("a", Stream(Random(6 << 20), seeks: true), BlobCondition.None, Token)),
            await Assert.ThrowsAsync<IOException>(async () => await store.WriteAsync("a", Stream(Random(6 << 20), seeks: true), BlobCondition.IfAbsent, Token)),
            await Assert.ThrowsAsync<IOException>(async () => await store.DeleteAsync("a", BlobCondition.None, Token)),
            await Assert.ThrowsAsync<IOException>(async () => await ListAsync(store, "")),
        ];
        foreach (var failure in failures)
        {
            // A server may refuse before it has the body and close the connection; then a client that is still sending learns no reason, and says what can be known.
            string[] said = failure.Message.Contains("status", StringComparison.Ordinal) || !says.Contains("Mev:Storage:S3:AccessKeyId", StringComparer.Ordinal) ? says : [says[0], "Mev:Storage:S3:ServiceUrl"];
            Assert.True(said.All(text => failure.Message.Contains(text, StringComparison.Ordinal)), $"Not all of {string.Join(", ", said)} are in: {failure.Message}");
        }

        Assert.All(failures[..^1], failure => Assert.Contains("'a'", failure.Message, StringComparison.Ordinal));
        return [.. failures.Select(static failure => failure.ToString())];
    }

    private S3BlobStore Store(S3Options options)
    {
        var store = new S3BlobStore(options);
        _stores.Add(store);
        return store;
    }
}
