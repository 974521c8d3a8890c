using Mev.Sdk.Ingest.Accepting;
using Mev.Sdk.Ingest.AspNetCore.Tests.Support;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Ingest.Tests.Support;

namespace Mev.Sdk.Ingest.AspNetCore.Tests;

public sealed class KeyTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    private static readonly byte[] Wrong = [.. Enumerable.Range(2, 32).Select(i => (byte)i)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MapEngineStream_engine_that_proves_its_key_is_let_in_without_the_applications_authorization()
    {
        await using var host = await EngineHost.StartAsync(Accepting, policy: null);
        await using var engine = Dial(host.Endpoint, Key);
        await engine.PublishAsync(Frames.Many(0, 100), Token);
        await host.Sink.WaitForAsync(100);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (long)i), host.Sink.Numbers);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("vouched")]
    public async Task MapEngineStream_wrong_key_or_none_is_refused_also_under_a_policy(string? policy)
    {
        var logger = new ListLogger<EngineAcceptor>();
        await using var host = await EngineHost.StartAsync(Accepting, policy, logger: logger);
        await using var wrong = Dial(host.Endpoint, Wrong);
        await using var none = Dial(host.Endpoint, key: null);
        await wrong.PublishAsync(Frames.Many(0, 10), Token);
        await none.PublishAsync(Frames.Many(0, 10), Token);

        await Eventually.BecomesAsync(() => logger.Entries.Count(entry => entry.Text.Contains("was refused", StringComparison.Ordinal)) > 4);

        Assert.Empty(host.Sink.All);
        Assert.Equal((SourceState.Connecting, 0UL), (host.Source("engine").State, host.Source("engine").SessionId));
    }

    [Fact]
    public async Task RunAsync_impostor_of_a_connected_engines_name_does_not_disturb_it()
    {
        await using var host = await EngineHost.StartAsync(Accepting, policy: null);
        await using var engine = Dial(host.Endpoint, Key);
        await engine.PublishAsync(Frames.Numbered(0), Token);
        await host.Sink.WaitForAsync(1);
        await using var impostor = Dial(host.Endpoint, Wrong);

        for (var i = 1; i < 50; i++)
        {
            await engine.PublishAsync(Frames.Numbered(i), Token);
            await Task.Delay(20, Token);
        }

        await host.Sink.WaitForAsync(50);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i), host.Sink.Numbers);
        Assert.Equal((SourceState.Connected, engine.SessionId, 0L), (host.Source("engine").State, host.Source("engine").SessionId, host.Source("engine").Reconnects));
    }

    private static void Accepting(IngestOptions options) => options.Accept.Engines.Add(new AcceptedEngineOptions { Name = "engine", KeyBytes = Key });

    private static EnginePublisher Dial(string endpoint, byte[]? key)
    {
        var options = new EnginePublisherOptions { EngineName = "engine", Endpoints = { endpoint }, DialMaxDelay = TimeSpan.FromMilliseconds(50) };
        if (key is not null)
        {
            options.Keys.Add(key);
        }

        return EnginePublisher.Start(options);
    }
}
