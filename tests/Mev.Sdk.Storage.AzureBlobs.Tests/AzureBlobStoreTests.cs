using System.Text;
using Mev.Sdk.Storage.Tests.Blobs;

namespace Mev.Sdk.Storage.AzureBlobs.Tests;

[Trait("Needs", "azurite")]
public sealed class AzureBlobStoreTests : BlobStoreContract
{
    private readonly AzureServer _server;
    private readonly string _prefix = $"archive-{Guid.NewGuid():N}/";

    public AzureBlobStoreTests(AzureServer server)
    {
        server.Demand();
        _server = server;
    }

    protected override IBlobStore Open() => new AzureBlobStore(_server.Options(_prefix));

    [Fact]
    public async Task List_goes_over_pages_and_leaves_out_what_is_not_the_stores()
    {
        var store = Open();
        var names = Enumerable.Range(0, 11).Select(static i => $"p/{i:d3}").ToList();
        await Task.WhenAll(names.Select(name => store.WriteAsync(name, Stream([1], seeks: true), BlobCondition.None, Token).AsTask()));
        var client = _server.Client();
        await client.UploadBlobAsync(_prefix + "p/.hidden", new BinaryData("x"), Token);
        await client.UploadBlobAsync(_prefix[..^1] + "0/other", new BinaryData("x"), Token);
        var paged = new AzureBlobStore(_server.Options(_prefix)) { PageNames = 3 };
        Assert.Equal(names, await ListAsync(paged, ""));
        Assert.Equal(names.Skip(10), await ListAsync(paged, "p/01"));
    }

    [Fact]
    public async Task Blob_of_too_many_blocks_is_refused_by_name_of_the_option()
    {
        var store = new AzureBlobStore(_server.Options(_prefix)) { MostBlocks = 2 };
        var refused = await Assert.ThrowsAsync<IOException>(async () => await store.WriteAsync("w", Stream(Random(12 << 20), seeks: true), BlobCondition.None, Token));
        Assert.Contains("Mev:Storage:AzureBlobs:BlockBytes", refused.Message, StringComparison.Ordinal);
        Assert.Null(await store.GetInfoAsync("w", Token));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(6 << 20)]
    public async Task Write_whose_answer_was_lost_is_no_failed_condition(int length)
    {
        // The server has it; the SDK sends it again and is refused for what it did itself.
        var lost = 0;
        var passing = new PassingBy(
            static r => r.Method == HttpMethod.Put && !r.RequestUri!.Query.Contains("comp=block&", StringComparison.Ordinal),
            async (_, goesOn) =>
            {
                var answer = await goesOn();
                if (Interlocked.Exchange(ref lost, 1) == 0)
                {
                    Assert.True(answer.IsSuccessStatusCode);
                    throw new HttpRequestException("the answer was lost");
                }

                return answer;
            });
        var store = new AzureBlobStore(_server.Client(passing), _server.Options(_prefix));
        var bytes = Random(length);
        var info = await store.WriteAsync("w", Stream(bytes, seeks: false), BlobCondition.IfAbsent, Token);
        Assert.Equal((length, info), (info.Length, (await store.GetInfoAsync("w", Token))!.Value));
        Assert.Equal(2, passing.Seen);
        await Assert.ThrowsAsync<BlobConditionFailedException>(async () => await store.WriteAsync("w", Stream(bytes, seeks: false), BlobCondition.IfAbsent, Token));
    }

    [Fact]
    public async Task Write_in_blocks_that_another_one_overtakes_says_so_and_leaves_the_other()
    {
        var store = Open();
        var other = Random(7 << 20);
        var passing = new PassingBy(
            static r => r.RequestUri!.Query.Contains("comp=blocklist", StringComparison.Ordinal),
            async (_, goesOn) =>
            {
                await store.WriteAsync("w", Stream(other, seeks: true), BlobCondition.None, Token);
                return await goesOn();
            });
        var slow = new AzureBlobStore(_server.Client(passing), _server.Options(_prefix));
        var failed = await Assert.ThrowsAsync<IOException>(async () => await slow.WriteAsync("w", Stream(Random(6 << 20), seeks: true), BlobCondition.None, Token));
        Assert.Contains("write again", failed.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<BlobConditionFailedException>(async () => await slow.WriteAsync("w", Stream(Random(6 << 20), seeks: true), BlobCondition.IfAbsent, Token));
        var read = new byte[other.Length];
        await store.ReadAsync("w", 0, read, Token);
        Assert.Equal(other, read);
    }

    [Fact]
    public async Task Read_whose_answer_breaks_off_is_an_error_that_names_the_blob()
    {
        var passing = new PassingBy(static r => r.Method == HttpMethod.Get, static async (_, goesOn) =>
        {
            var answer = await goesOn();
            var length = answer.Content.Headers.ContentLength;
            answer.Content = new StreamContent(new MemoryStream(new byte[10])) { Headers = { ContentLength = length } };
            return answer;
        });
        var store = new AzureBlobStore(_server.Client(passing), _server.Options(_prefix));
        await store.WriteAsync("r", Stream(Random(100), seeks: true), BlobCondition.None, Token);
        var failed = await Assert.ThrowsAnyAsync<IOException>(async () => await store.ReadAsync("r", 20, new byte[50], Token));
        Assert.Contains("'r'", failed.Message, StringComparison.Ordinal);
        Assert.True(passing.Seen > 1);
    }

    [Fact]
    public async Task Container_that_is_not_there_is_named_by_every_call()
    {
        var options = _server.Options(_prefix);
        options.Container = "nobody-made-this";
        await AllFailAsync(new AzureBlobStore(options), "'nobody-made-this'", "Mev:Storage:AzureBlobs:Container");
    }

    [Fact]
    public async Task Wrong_key_is_told_as_such_and_never_shown()
    {
        var options = _server.Options(_prefix);
        var key = Convert.ToBase64String(Encoding.ASCII.GetBytes("not the key at all"));
        options.ConnectionString = System.Text.RegularExpressions.Regex.Replace(options.ConnectionString, "AccountKey=[^;]*", "AccountKey=" + key);
        var messages = await AllFailAsync(new AzureBlobStore(options), $"'{_server.Container}'", "Mev:Storage:AzureBlobs:ConnectionString");
        Assert.All(messages, message => Assert.DoesNotContain(key, message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Server_that_is_not_there_is_told_as_such()
    {
        var options = _server.Options(_prefix);
        options.ConnectionString = "DefaultEndpointsProtocol=http;AccountName=tests;AccountKey=aGVsbG8=;BlobEndpoint=http://127.0.0.1:1/tests;";
        options.MaxRetries = 0;
        await AllFailAsync(new AzureBlobStore(options), "account 'tests'", "Mev:Storage:AzureBlobs:ConnectionString");
    }

    private static async Task<List<string>> AllFailAsync(AzureBlobStore store, params string[] says)
    {
        Exception[] failures =
        [
            await Assert.ThrowsAsync<IOException>(async () => await store.GetInfoAsync("a", Token)),
            await Assert.ThrowsAsync<IOException>(async () => await store.ReadAsync("a", 0, new byte[1], Token)),
            await Assert.ThrowsAsync<IOException>(async () => await store.WriteAsync("a", Stream([1], seeks: true), BlobCondition.None, Token)),
            await Assert.ThrowsAsync<IOException>(async () => await store.WriteAsync("a", Stream(Random(6 << 20), seeks: true), BlobCondition.None, Token)),
            await Assert.ThrowsAsync<IOException>(async () => await store.DeleteAsync("a", BlobCondition.None, Token)),
            await Assert.ThrowsAsync<IOException>(async () => await ListAsync(store, "")),
        ];
        foreach (var failure in failures)
        {
            Assert.All(says, said => Assert.Contains(said, failure.Message, StringComparison.Ordinal));
        }

        return [.. failures.Select(static failure => failure.ToString())];
    }
}
