using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Ingest.Transports;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Ingest.Tests.Session;

/// <summary>What a peer that has proven nothing can do to a host: nothing but end its own connection.</summary>
public sealed class UnprovenPeerTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly byte[] Hello = EngineBytes.Hello(next: 2, flags: StreamFlags.Authenticated);

    [Fact]
    public async Task Goodbye_before_the_proof_does_not_end_the_stream()
    {
        foreach (var said in new[] { EngineBytes.Goodbye(1), Frames.Concat(Hello, EngineBytes.Goodbye(1)) })
        {
            var stand = new SessionStand(key: Key);
            var end = await stand.RunAsync(said);
            Assert.Equal(SessionEndKind.Goodbye, end.Kind);
            Assert.Equal(0UL, stand.Context.Progress.EndedSessionId);
        }
    }

    [Fact]
    public async Task Long_frame_before_the_proof_is_refused_by_its_length_alone()
    {
        var length = BitConverter.GetBytes(EngineSession.MaxHandshakeFrameBytes + 8);
        await Assert.ThrowsAsync<FrameFormatException>(() => new SessionStand(key: Key).RunAsync(Frames.Concat(Hello, length)));
        await Assert.ThrowsAsync<FrameFormatException>(() => new SessionStand(key: Key).RunAsync(length));
    }

    [Fact]
    public async Task ConnectionFeed_takes_no_more_than_a_handshake_from_a_peer_that_is_not_known()
    {
        await using var endless = new EndlessConnection();
        using var feed = new ConnectionFeed(endless, 1 << 20, TimeSpan.FromMinutes(1), new FakeTimeProvider(), TestContext.Current.CancellationToken);
        long taken = 0;
        while (taken < ConnectionPump.UnknownPeerBytes)
        {
            var result = await feed.Reader.ReadAsync(TestContext.Current.CancellationToken);
            taken += result.Buffer.Length;
            feed.Reader.AdvanceTo(result.Buffer.End);
        }

        Assert.Equal(ConnectionPump.UnknownPeerBytes, taken);
        Assert.Equal(ConnectionPump.UnknownPeerBytes, endless.Given);

        feed.Open();
        var more = await feed.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.False(more.Buffer.IsEmpty);
        feed.Reader.AdvanceTo(more.Buffer.End);
        await feed.StopAsync();
    }

    private sealed class EndlessConnection : IStreamConnection
    {
        private long _given;

        public long Given => Interlocked.Read(ref _given);

        public string Peer => "endless";

        public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Interlocked.Add(ref _given, buffer.Length);
            return ValueTask.FromResult(buffer.Length);
        }

        public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask ShutdownSendAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
