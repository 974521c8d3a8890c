using System.Buffers.Binary;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Session;

/// <summary>The host's half of the proof of a shared key.</summary>
public sealed class HandshakeTests
{
    private const string Setting = "EngineSourceOptions:Key";

    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly byte[] OtherKey = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    private static readonly byte[] Hello = EngineBytes.Hello(next: 2, flags: StreamFlags.Authenticated);

    [Fact]
    public async Task Right_key_on_both_sides_subscribes_behind_the_engines_proof()
    {
        var stand = new SessionStand(key: Key);
        await using var talk = new SessionTalk(stand);
        var challenge = SessionFrames.Challenge(SessionProof.DrawNonce());
        await talk.SayAsync(Hello, challenge);
        Assert.True(SessionFrames.TryRead<ProofMessage>(await talk.HearAsync(TemplateIds.Proof), out var proof));
        var expected = SessionProof.OfHost(new SessionKey(Key), Hello, challenge, in proof.Nonce);
        Assert.True(SessionProof.Matches(in expected, in proof.Mac));
        Assert.Empty(talk.Heard(TemplateIds.Subscribe));
        Assert.Equal(0UL, talk.Session.SessionId);

        var answer = SessionProof.OfEngine(new SessionKey(Key), Hello, challenge, in proof.Nonce);
        await talk.SayAsync(SessionFrames.Proof(default, in answer), EngineBytes.Record(1));
        await talk.HearAsync(TemplateIds.Subscribe);
        await stand.Sink.WaitForAsync(1);
    }

    [Fact]
    public async Task Engine_with_another_key_is_refused_and_the_owner_is_told_where_to_look()
    {
        var stand = new SessionStand(key: Key);
        await using var talk = new SessionTalk(stand);
        var challenge = SessionFrames.Challenge(SessionProof.DrawNonce());
        await talk.SayAsync(Hello, challenge);
        Assert.True(SessionFrames.TryRead<ProofMessage>(await talk.HearAsync(TemplateIds.Proof), out var proof));
        var answer = SessionProof.OfEngine(new SessionKey(OtherKey), Hello, challenge, in proof.Nonce);
        await talk.SayAsync(SessionFrames.Proof(default, in answer), EngineBytes.Record(1));
        await RefusedAsync(stand, talk, "could not prove");
    }

    [Fact]
    public async Task Reflected_proof_is_refused()
    {
        var stand = new SessionStand(key: Key);
        await using var talk = new SessionTalk(stand);
        await talk.SayAsync(Hello, SessionFrames.Challenge(SessionProof.DrawNonce()));
        await talk.SayAsync(await talk.HearAsync(TemplateIds.Proof));
        await RefusedAsync(stand, talk, "could not prove");
    }

    [Fact]
    public async Task Proof_recorded_from_an_earlier_connection_is_refused()
    {
        var challenge = SessionFrames.Challenge(SessionProof.DrawNonce());
        var first = new SessionStand(key: Key);
        byte[] recorded;
        await using (var talk = new SessionTalk(first))
        {
            await talk.SayAsync(Hello, challenge);
            Assert.True(SessionFrames.TryRead<ProofMessage>(await talk.HearAsync(TemplateIds.Proof), out var proof));
            var answer = SessionProof.OfEngine(new SessionKey(Key), Hello, challenge, in proof.Nonce);
            recorded = SessionFrames.Proof(default, in answer);
            await talk.SayAsync(recorded);
            await talk.HearAsync(TemplateIds.Subscribe);
        }

        var second = new SessionStand(key: Key);
        await using var again = new SessionTalk(second);
        await again.SayAsync(Hello, challenge, recorded);
        await RefusedAsync(second, again, "could not prove");
    }

    [Fact]
    public async Task Hello_changed_on_the_way_is_refused()
    {
        // The engine says that it simulates; somebody takes the flag out.
        var said = EngineBytes.Hello(next: 2, flags: StreamFlags.Authenticated | StreamFlags.Simulated);
        var stand = new SessionStand(key: Key);
        await using var talk = new SessionTalk(stand);
        var challenge = SessionFrames.Challenge(SessionProof.DrawNonce());
        await talk.SayAsync(Hello, challenge);
        Assert.True(SessionFrames.TryRead<ProofMessage>(await talk.HearAsync(TemplateIds.Proof), out var proof));
        var heard = SessionProof.OfHost(new SessionKey(Key), said, challenge, in proof.Nonce);
        Assert.False(SessionProof.Matches(in heard, in proof.Mac));
        var answer = SessionProof.OfEngine(new SessionKey(Key), said, challenge, in proof.Nonce);
        await talk.SayAsync(SessionFrames.Proof(default, in answer));
        await RefusedAsync(stand, talk, "could not prove");
    }

    [Fact]
    public async Task Engine_that_asks_for_no_proof_is_refused_by_a_host_with_a_key()
    {
        var stand = new SessionStand(key: Key);
        await using var talk = new SessionTalk(stand);
        await talk.SayAsync(EngineBytes.Hello(next: 2), EngineBytes.Record(1));
        await RefusedAsync(stand, talk, "asks for no proof");
    }

    [Fact]
    public async Task Engine_that_asks_for_a_proof_is_refused_by_a_host_without_a_key()
    {
        var stand = new SessionStand();
        await using var talk = new SessionTalk(stand);
        await talk.SayAsync(Hello, SessionFrames.Challenge(default));
        await RefusedAsync(stand, talk, "this host has none");
    }

    [Fact]
    public async Task Record_before_the_proof_is_a_protocol_error()
    {
        var stand = new SessionStand(key: Key);
        await Assert.ThrowsAsync<SessionProtocolException>(() => stand.RunAsync(Hello, EngineBytes.Record(1)));
        await Assert.ThrowsAsync<SessionProtocolException>(() => new SessionStand(key: Key).RunAsync(Hello, SessionFrames.Challenge(default), EngineBytes.Record(1)));
        Assert.Empty(stand.Sink.Numbers);
        Assert.Equal(0UL, stand.Context.Progress.FollowedSessionId);
    }

    [Fact]
    public async Task Challenge_twice_is_a_protocol_error_and_one_that_is_cut_off_too()
    {
        var challenge = SessionFrames.Challenge(default);
        await Assert.ThrowsAsync<SessionProtocolException>(() => new SessionStand(key: Key).RunAsync(Hello, challenge, challenge));
        BinaryPrimitives.WriteUInt16LittleEndian(challenge.AsSpan(24), 0);
        FrameWriter.Stamp(challenge, 0, 0);

        // A shorter block is an older writer's and is extended by zeros: then the nonce is known to everybody, but the transcript still holds the frame.
        Assert.Equal(SessionEndKind.Broken, (await new SessionStand(key: Key).RunAsync(Hello, challenge)).Kind);
    }

    [Fact]
    public async Task Goodbye_unauthorized_tells_the_owner_where_to_look()
    {
        var stand = new SessionStand(key: Key);
        var end = await stand.RunAsync(Hello, SessionFrames.Challenge(default), EngineBytes.Goodbye(0, GoodbyeCode.Unauthorized, "not authorized."));
        Assert.Equal(SessionEndKind.Refused, end.Kind);
        Assert.Contains(Setting, end.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proof_and_challenge_that_nobody_waits_for_are_skipped()
    {
        var stand = new SessionStand();
        await stand.RunAsync(EngineBytes.Hello(next: 2), SessionFrames.Challenge(default), SessionFrames.Proof(default, default), EngineBytes.Record(1));
        Assert.Equal([1], stand.Sink.Numbers);
    }

    private static async Task RefusedAsync(SessionStand stand, SessionTalk talk, string because)
    {
        var end = await talk.Running;
        Assert.Equal(SessionEndKind.Refused, end.Kind);
        Assert.Contains(because, end.Reason, StringComparison.Ordinal);
        Assert.Contains(Setting, end.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(Key), end.Reason, StringComparison.Ordinal);
        Assert.Empty(talk.Heard(TemplateIds.Subscribe));
        Assert.Empty(stand.Sink.Numbers);
        Assert.Equal(0UL, stand.Context.Progress.FollowedSessionId);
        Assert.True(SessionFrames.TryRead<GoodbyeMessage>(await talk.HearAsync(TemplateIds.Goodbye), out var goodbye, out var told));
        Assert.Equal(GoodbyeCode.Unauthorized, goodbye.Code);
        Assert.DoesNotContain(Setting, told, StringComparison.Ordinal);
    }
}
