using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Publishing;

/// <summary>The engine's half of the proof of a shared key, and both halves over a socket.</summary>
public sealed class SubscriberProofTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly byte[] NewKey = [.. Enumerable.Range(100, 16).Select(i => (byte)i)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Host_with_any_of_the_keys_is_served(bool rotated)
    {
        await using var engine = Start(Key, NewKey);
        await engine.PublishAsync(Frames.Many(1, 10), Token);
        await using var host = new Stand(engine, options => options.Key = Convert.ToBase64String(rotated ? NewKey : Key));
        await host.Sink.WaitForAsync(10);
        Assert.Equal(StreamFlags.Authenticated | StreamFlags.Replays, host.Snapshot.Flags);
    }

    [Fact]
    public async Task Host_with_another_key_gets_nothing_and_learns_where_to_look()
    {
        await using var engine = Start(Key);
        await engine.PublishAsync(Frames.Many(1, 10), Token);
        await using var host = new Stand(engine, options => options.KeyBytes = NewKey);
        await host.StateAsync(SourceState.Disconnected);
        await Eventually.BecomesAsync(() => host.Snapshot.Reason.Contains("EngineSourceOptions:Key (or KeyFile) of the source", StringComparison.Ordinal), () => host.Snapshot.Reason);
        Assert.Contains("Unauthorized", host.Snapshot.Reason, StringComparison.Ordinal);
        Assert.Empty(host.Sink.Numbers);
        Assert.Equal(0, engine.SubscriberCount);
    }

    [Fact]
    public async Task Host_without_a_key_and_engine_without_one_say_so()
    {
        await using var locked = Start(Key);
        await using var keyless = new Stand(locked);
        await Eventually.BecomesAsync(() => keyless.Snapshot.Reason.Contains("this host has none", StringComparison.Ordinal), () => keyless.Snapshot.Reason);

        await using var open = Start();
        await using var host = new Stand(open, options => options.KeyBytes = Key);
        await Eventually.BecomesAsync(() => host.Snapshot.Reason.Contains("asks for no proof", StringComparison.Ordinal), () => host.Snapshot.Reason);
    }

    [Theory]
    [InlineData("subscribe at once")]
    [InlineData("ack at once")]
    [InlineData("zero proof")]
    [InlineData("wrong key")]
    [InlineData("recorded proof")]
    [InlineData("the engine's label")]
    [InlineData("wrong and then right")]
    public async Task Peer_without_the_right_proof_is_told_goodbye_and_nothing_else(string kind)
    {
        await using var engine = Start(Key);
        await engine.PublishAsync(Frames.Many(1, 10), Token);
        var recorded = SessionFrames.Proof(default, SessionProof.OfHost(new SessionKey(Key), EngineBytes.Hello(), SessionFrames.Challenge(default), default));
        using var peer = await RawHost.ConnectAsync(engine.LocalEndPoint);
        var hello = await peer.ReadAsync() ?? [];
        var challenge = await peer.ReadAsync() ?? [];
        var subscribe = SessionFrames.Subscribe(engine.SessionId, 1);
        byte[] Right() => SessionFrames.Proof(default, SessionProof.OfHost(new SessionKey(Key), hello, challenge, default));
        await peer.SendAsync(kind switch
        {
            "subscribe at once" => subscribe,
            "ack at once" => SessionFrames.Ack(engine.SessionId, 5),
            "zero proof" => Frames.Concat(SessionFrames.Proof(default, default), subscribe),
            "wrong key" => Frames.Concat(SessionFrames.Proof(default, SessionProof.OfHost(new SessionKey(NewKey), hello, challenge, default)), subscribe),
            "recorded proof" => Frames.Concat(recorded, subscribe),
            "the engine's label" => Frames.Concat(SessionFrames.Proof(default, SessionProof.OfEngine(new SessionKey(Key), hello, challenge, default)), subscribe),
            _ => Frames.Concat(SessionFrames.Proof(default, default), Right(), subscribe),
        });

        Assert.True(SessionFrames.TryRead<GoodbyeMessage>(await peer.ReadAsync() ?? [], out var goodbye, out var reason));
        Assert.Equal((GoodbyeCode.Unauthorized, "not authorized."), (goodbye.Code, reason));
        Assert.Null(await peer.ReadAsync());
        Assert.Equal(0UL, engine.AcknowledgedSequence);
    }

    [Fact]
    public async Task Host_that_does_not_wait_for_the_engines_proof_is_served_too()
    {
        await using var engine = Start(Key);
        await engine.PublishAsync(Frames.Many(1, 3), Token);
        using var peer = await RawHost.ConnectAsync(engine.LocalEndPoint);
        var hello = await peer.ReadAsync() ?? [];
        var challenge = await peer.ReadAsync() ?? [];
        var nonce = SessionProof.DrawNonce();
        var proof = SessionFrames.Proof(in nonce, SessionProof.OfHost(new SessionKey(Key), hello, challenge, in nonce));
        await peer.SendAsync(Frames.Concat(proof, SessionFrames.Subscribe(engine.SessionId, 1)));

        Assert.True(SessionFrames.TryRead<ProofMessage>(await peer.ReadAsync() ?? [], out var answer));
        var expected = SessionProof.OfEngine(new SessionKey(Key), hello, challenge, in nonce);
        Assert.True(SessionProof.Matches(in expected, in answer.Mac));
        Assert.Equal((TemplateIds.Metric, 1UL), await peer.ReadHeaderAsync());
    }

    [Fact]
    public async Task Challenge_is_another_for_every_connection()
    {
        await using var engine = Start(Key);
        var challenges = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 5; i++)
        {
            using var peer = await RawHost.ConnectAsync(engine.LocalEndPoint);
            await peer.ReadAsync();
            Assert.True(challenges.Add(Convert.ToHexString(await peer.ReadAsync() ?? [])));
        }
    }

    [Fact]
    public void Start_short_key_or_a_flag_without_one_is_named()
    {
        var options = new EnginePublisherOptions { Flags = StreamFlags.Authenticated };
        Assert.Contains("Keys is empty", Assert.Throws<ArgumentException>(() => EnginePublisher.Start(options)).Message, StringComparison.Ordinal);
        options.Keys.Add(Key);
        options.Keys.Add(new byte[15]);
        Assert.Contains("Keys[1] has 15 bytes", Assert.Throws<ArgumentException>(() => EnginePublisher.Start(options)).Message, StringComparison.Ordinal);
    }

    private static EnginePublisher Start(params byte[][] keys)
    {
        var options = new EnginePublisherOptions();
        foreach (var key in keys)
        {
            options.Keys.Add(key);
        }

        return EnginePublisher.Start(options);
    }
}
