using System.Net;
using Mev.Sdk.Storage.Tests.Blobs;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Storage.S3.Tests;

/// <summary>What goes wrong between a store and its server, and servers that are not like the one of the other tests.</summary>
[Trait("Needs", "s3")]
public sealed class MishapTests : IDisposable
{
    private readonly S3Server _server;
    private readonly List<IDisposable> _open = [];
    private readonly ListLogger _log = new();
    private int _times = 1;

    public MishapTests(S3Server server)
    {
        server.Demand();
        _server = server;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _open.ForEach(static open => open.Dispose());

    [Theory]
    [InlineData(100)]
    [InlineData(6 << 20)]
    public async Task Write_whose_answer_was_lost_is_no_failed_condition(int length)
    {
        // The server has it; the SDK sends it again and is refused for what it did itself.
        var (store, _) = Store(static r => r.Method == HttpMethod.Put && !r.RequestUri!.Query.Contains("partNumber", StringComparison.Ordinal) && !IsProbe(r), async (_, goesOn) =>
        {
            using var lost = await goesOn();
            Assert.True(lost.IsSuccessStatusCode);
            throw new HttpRequestException("the answer was lost");
        });
        var bytes = new byte[length];
        bytes[7] = 7;
        var info = await store.WriteAsync("w", new MemoryStream(bytes), BlobCondition.IfAbsent, Token);
        Assert.Equal((length, info), (info.Length, (await store.GetInfoAsync("w", Token))!.Value));
        Assert.True(_times < 0);
        await Assert.ThrowsAsync<BlobConditionFailedException>(async () => await store.WriteAsync("w", new MemoryStream(bytes), BlobCondition.IfAbsent, Token));
    }

    [Fact]
    public async Task Read_whose_answer_breaks_off_is_repeated()
    {
        _times = 2;
        var (store, seen) = Store(static r => r.Method == HttpMethod.Get, static async (_, goesOn) =>
        {
            var answer = await goesOn();
            var length = answer.Content.Headers.ContentLength;
            answer.Content = new StreamContent(new MemoryStream(new byte[10]));
            answer.Content.Headers.ContentLength = length;
            return answer;
        });
        await store.WriteAsync("r", new MemoryStream([.. Enumerable.Range(0, 100).Select(static i => (byte)i)]), BlobCondition.None, Token);
        var read = new byte[50];
        await store.ReadAsync("r", 20, read, Token);
        Assert.Equal(Enumerable.Range(20, 50).Select(static i => (byte)i), read);
        Assert.Equal(3, seen.Seen.Count(static r => r.StartsWith("GET ", StringComparison.Ordinal)));

        _times = 100;
        var failed = await Assert.ThrowsAsync<IOException>(async () => await store.ReadAsync("r", 20, read, Token));
        Assert.Contains("'r'", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_without_ranges_is_told_as_such()
    {
        _times = 100;
        var (store, _) = Store(static r => r.Method == HttpMethod.Get, static async (_, goesOn) =>
        {
            var answer = await goesOn();
            answer.StatusCode = HttpStatusCode.OK;
            return answer;
        });
        await store.WriteAsync("r", new MemoryStream(new byte[100]), BlobCondition.None, Token);
        await store.ReadAsync("r", 0, new byte[10], Token);
        var failed = await Assert.ThrowsAsync<IOException>(async () => await store.ReadAsync("r", 20, new byte[10], Token));
        Assert.Contains("whole object", failed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(100, false)]
    public async Task Conflict_with_a_write_that_came_to_nothing_is_tried_again(int conflicts, bool succeeds)
    {
        _times = conflicts;
        var (store, _) = Store(static r => r.Method == HttpMethod.Put, static (_, _) => Answer(HttpStatusCode.Conflict, "ConditionalRequestConflict"));
        var write = store.WriteAsync("w", new MemoryStream([1]), BlobCondition.IfAbsent, Token).AsTask();
        if (succeeds)
        {
            Assert.Equal(await write, await store.GetInfoAsync("w", Token));
            return;
        }

        await Assert.ThrowsAsync<BlobConditionFailedException>(() => write);
        Assert.Null(await store.GetInfoAsync("w", Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Server_that_looks_at_conditions_when_parts_are_put_together_gets_parts(bool holds)
    {
        _times = int.MaxValue;
        var (store, seen) = Store(static r => r.Method == HttpMethod.Post && r.RequestUri!.Query.Contains("uploadId", StringComparison.Ordinal), (request, goesOn) =>
        {
            Assert.True(request.Headers.IfNoneMatch.Count + request.Headers.IfMatch.Count == 1);
            return IsProbe(request) || !holds ? Answer(HttpStatusCode.PreconditionFailed, "PreconditionFailed") : goesOn();
        });
        var bytes = new byte[11 << 20];
        var write = store.WriteAsync("w", new MemoryStream(bytes), BlobCondition.IfAbsent, Token).AsTask();
        if (holds)
        {
            Assert.Equal(bytes.Length, (await write).Length);
            Assert.Equal(3, seen.Seen.Count(static r => r.Contains("partNumber", StringComparison.Ordinal) && !r.Contains(".probe-", StringComparison.Ordinal)));
        }
        else
        {
            await Assert.ThrowsAsync<BlobConditionFailedException>(() => write);
            Assert.Null(await store.GetInfoAsync("w", Token));
        }

        Assert.Empty(_log.Lines);
        Assert.Equal(holds ? 1 : 0, (await ListAsync(store)).Count);
    }

    [Fact]
    public async Task Server_that_does_not_look_is_found_out_once_and_gets_blobs_whole()
    {
        var (store, seen) = Store(static _ => false, static (_, goesOn) => goesOn());
        for (var i = 0; i < 2; i++)
        {
            await store.WriteAsync($"w{i}", new DripStream(new byte[6 << 20]), BlobCondition.IfAbsent, Token);
            await Assert.ThrowsAsync<BlobConditionFailedException>(async () => await store.WriteAsync($"w{i}", new MemoryStream(new byte[6 << 20]), BlobCondition.IfAbsent, Token));
        }

        Assert.Single(_log.Lines, static line => line.Contains("does not look at conditions", StringComparison.Ordinal));
        Assert.InRange(seen.Seen.Count(static r => r.Contains(".probe-", StringComparison.Ordinal) && r.StartsWith("POST ", StringComparison.Ordinal)), 1, 4);
        Assert.Equal(["w0", "w1"], await ListAsync(store));
        Assert.DoesNotContain(_log.Lines, line => line.Contains(_server.SecretKey, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Upload_that_cannot_be_taken_back_is_told_and_does_not_hide_what_failed()
    {
        _times = 100;
        var (store, _) = Store(
            static r => r.Method == HttpMethod.Delete,
            static (_, _) => Answer(HttpStatusCode.Forbidden, "AccessDenied"));
        using var broken = new BreakingStream(12 << 20, 6 << 20, new InvalidOperationException("the cable"));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await store.WriteAsync("w", broken, BlobCondition.None, Token));
        Assert.Contains(_log.Lines, static line => line.Contains("could not be taken back", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task Deletion_that_the_server_refuses_is_a_failed_condition(int refusals, bool succeeds)
    {
        // The first time it may be for the quotes around the tag.
        _times = refusals;
        var (store, seen) = Store(
            static r => r.Method == HttpMethod.Delete,
            static (_, _) => Answer(HttpStatusCode.PreconditionFailed, "PreconditionFailed"));
        var info = await store.WriteAsync("d", new MemoryStream([1]), BlobCondition.None, Token);
        var delete = store.DeleteAsync("d", BlobCondition.IfMatch(info.ETag), Token).AsTask();
        if (succeeds)
        {
            Assert.True(await delete);
        }
        else
        {
            await Assert.ThrowsAsync<BlobConditionFailedException>(() => delete);
            Assert.Equal(info, await store.GetInfoAsync("d", Token));
        }

        Assert.Equal(2, seen.Seen.Count(static r => r.StartsWith("DELETE ", StringComparison.Ordinal)));
    }

    private static bool IsProbe(HttpRequestMessage request) => request.RequestUri!.AbsolutePath.Contains(".probe-", StringComparison.Ordinal);

    private static Task<HttpResponseMessage> Answer(HttpStatusCode status, string code) => Task.FromResult(new HttpResponseMessage(status)
    {
        Content = new StringContent($"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>told so</Message></Error>", System.Text.Encoding.UTF8, "application/xml"),
    });

    private static async Task<List<string>> ListAsync(S3BlobStore store)
    {
        var names = new List<string>();
        await foreach (var info in store.ListAsync("", Token))
        {
            names.Add(info.Name);
        }

        return names;
    }

    private (S3BlobStore Store, PassingBy PassingBy) Store(Func<HttpRequestMessage, bool> concerns, Func<HttpRequestMessage, Func<Task<HttpResponseMessage>>, Task<HttpResponseMessage>> happens)
    {
        var passingBy = new PassingBy(r => concerns(r) && _times-- > 0, happens);
        var client = _server.Client(passingBy);
        var store = new S3BlobStore(client, _server.Options($"mishap-{Guid.NewGuid():N}/"), _log);
        _open.AddRange([store, client]);
        return (store, passingBy);
    }

    private sealed class ListLogger : ILogger<S3BlobStore>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Lines)
            {
                Lines.Add($"{formatter(state, exception)} {exception}");
            }
        }
    }
}
