using System.Buffers.Binary;
using System.IO.Pipelines;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Ingest.Tests.Session;

public sealed class EngineSessionMalformedTests
{
    private static readonly byte[] Before = Frames.Concat(EngineBytes.Hello(next: 3), EngineBytes.Records(1, 2));

    [Fact]
    public async Task RunAsync_damaged_length_that_swallows_heartbeats_ends_the_session_when_the_frame_takes_too_long()
    {
        var time = new FakeTimeProvider();
        var stand = new SessionStand(time: time);
        using var session = stand.NewSession();
        var pipe = new Pipe(new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));
        var running = session.RunAsync(pipe.Reader, TestContext.Current.CancellationToken);
        var damaged = EngineBytes.Record(3);
        BinaryPrimitives.WriteUInt32LittleEndian(damaged, 1 << 20);
        await pipe.Writer.WriteAsync(Before, TestContext.Current.CancellationToken);
        await pipe.Writer.WriteAsync(damaged, TestContext.Current.CancellationToken);
        for (var second = 0; second < 9; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await pipe.Writer.WriteAsync(EngineBytes.Heartbeat(2), TestContext.Current.CancellationToken);
            Assert.False(running.IsCompleted);
        }

        time.Advance(TimeSpan.FromSeconds(1));
        await pipe.Writer.WriteAsync(EngineBytes.Heartbeat(2), TestContext.Current.CancellationToken);
        var end = await running;
        Assert.Equal(SessionEndKind.Broken, end.Kind);
        Assert.Contains("was not whole after", end.Reason, StringComparison.Ordinal);
        Assert.Equal(2, stand.Sink.Numbers.Count);
    }

    [Theory]
    [InlineData(1u << 31, FrameError.LengthTooLarge)]
    [InlineData(uint.MaxValue, FrameError.LengthTooLarge)]
    [InlineData(WireFormat.DefaultMaxFrameBytes + 8, FrameError.LengthTooLarge)]
    [InlineData(65u, FrameError.LengthUnaligned)]
    [InlineData(24u, FrameError.LengthTooSmall)]
    [InlineData(0u, FrameError.LengthTooSmall)]
    public async Task RunAsync_bad_length_ends_the_session_at_its_position(uint length, FrameError expected)
    {
        var bad = EngineBytes.Record(3);
        BinaryPrimitives.WriteUInt32LittleEndian(bad, length);
        await CheckAsync(bad, expected);
    }

    [Fact]
    public async Task RunAsync_wrong_checksum_ends_the_session_at_its_position()
    {
        var bad = EngineBytes.Record(3);
        bad[40] ^= 1;
        await CheckAsync(bad, FrameError.ChecksumMismatch);
    }

    [Fact]
    public async Task RunAsync_unknown_schema_ends_the_session_at_its_position()
    {
        var bad = EngineBytes.Record(3);
        BinaryPrimitives.WriteUInt16LittleEndian(bad.AsSpan(28), 1);
        FrameWriter.Stamp(bad, 3, 0);
        await CheckAsync(bad, FrameError.UnknownSchema);
    }

    [Fact]
    public async Task RunAsync_block_longer_than_its_frame_ends_the_session_at_its_position()
    {
        var bad = EngineBytes.Record(3);
        BinaryPrimitives.WriteUInt16LittleEndian(bad.AsSpan(24), 4096);
        FrameWriter.Stamp(bad, 3, 0);
        await CheckAsync(bad, FrameError.BlockTooLong);
    }

    [Fact]
    public async Task RunAsync_any_flipped_bit_never_delivers_a_wrong_record()
    {
        var stream = Frames.Concat(EngineBytes.Hello(next: 4), EngineBytes.Records(1, 3));
        for (var bit = 0; bit < stream.Length * 8; bit++)
        {
            var flipped = stream.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            var stand = new SessionStand();
            try
            {
                await stand.RunAsync(flipped);
            }
            catch (FrameFormatException)
            {
                // The expected end of most.
            }

            Assert.True(stand.Sink.Numbers.Count < 3, $"bit {bit} went unnoticed");
            Assert.Equal(new long[] { 1, 2 }.Take(stand.Sink.Numbers.Count), stand.Sink.Numbers);
        }
    }

    [Fact]
    public async Task RunAsync_record_before_hello_is_a_protocol_error()
    {
        var exception = await Assert.ThrowsAsync<SessionProtocolException>(() => new SessionStand().RunAsync(EngineBytes.Record(1)));
        Assert.Contains("before its hello", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_record_of_the_hosts_own_kind_is_a_protocol_error_and_never_reaches_a_sink()
    {
        // Taken in, a forged score would be shown and stored as this host's own.
        var forged = new byte[Mev.Sdk.Records.PredictionView.GetFrameLength(1, 4)];
        Mev.Sdk.Records.PredictionView.Write(forged, 0, default, [new() { TransactionLsn = 1, Score = 1 }], "evil"u8);
        FrameWriter.Stamp(forged, 1, 0);
        var exception = await Assert.ThrowsAsync<SessionProtocolException>(() => new SessionStand().RunAsync(Frames.Concat(EngineBytes.Hello(), forged)));
        Assert.Contains("only a host makes", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_text_of_a_peer_cannot_forge_log_lines_or_move_a_cursor()
    {
        var goodbye = EngineBytes.Goodbye(1, reason: "bye\n\u001b[2Jcrit: forged");
        Assert.True(Mev.Sdk.Ingest.Internal.SessionFrames.TryRead<GoodbyeMessage>(goodbye, out _, out var text));
        Assert.Equal("bye\uFFFD\uFFFD[2Jcrit: forged", text);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(ulong.MaxValue)]
    public async Task RunAsync_record_without_a_usable_number_is_a_protocol_error(ulong sequence)
    {
        var record = Frames.Numbered(1);
        FrameWriter.Stamp(record, sequence, 0);
        await Assert.ThrowsAsync<SessionProtocolException>(() => new SessionStand().RunAsync(Frames.Concat(EngineBytes.Hello(), record)));
    }

    [Fact]
    public async Task RunAsync_hello_that_makes_no_sense_is_a_protocol_error()
    {
        await Assert.ThrowsAsync<SessionProtocolException>(() => new SessionStand().RunAsync(EngineBytes.Hello(session: 0)));
        await Assert.ThrowsAsync<SessionProtocolException>(() => new SessionStand().RunAsync(EngineBytes.Hello(first: 9, next: 8)));
        await Assert.ThrowsAsync<SessionProtocolException>(() => new SessionStand().RunAsync(EngineBytes.Hello(first: 0, next: 0)));
        await Assert.ThrowsAsync<SessionProtocolException>(() => new SessionStand().RunAsync(EngineBytes.Hello(), EngineBytes.Hello()));
    }

    [Fact]
    public async Task RunAsync_session_frames_whose_parts_lead_outside_are_protocol_errors()
    {
        var hello = EngineBytes.Hello();
        BinaryPrimitives.WriteUInt32LittleEndian(hello.AsSpan(FrameHeader.Size + HelloMessage.Size), 1u << 31);
        FrameWriter.Stamp(hello, 0, 0);
        await Assert.ThrowsAsync<SessionProtocolException>(() => new SessionStand().RunAsync(hello));

        var goodbye = EngineBytes.Goodbye(0);
        BinaryPrimitives.WriteUInt32LittleEndian(goodbye.AsSpan(FrameHeader.Size + GoodbyeMessage.Size), 1000);
        FrameWriter.Stamp(goodbye, 0, 0);
        await Assert.ThrowsAsync<SessionProtocolException>(() => new SessionStand().RunAsync(EngineBytes.Hello(), goodbye));
    }

    [Fact]
    public async Task RunAsync_frame_over_a_configured_limit_is_refused_and_one_at_it_is_taken()
    {
        var big = Frames.Numbered(1, sequence: 1, padding: 4000);
        var stand = new SessionStand(maxFrameBytes: big.Length);
        await stand.RunAsync(EngineBytes.Hello(), big);
        Assert.Equal([1L], stand.Sink.Numbers);

        await Assert.ThrowsAsync<FrameFormatException>(() => new SessionStand(maxFrameBytes: big.Length - 8).RunAsync(EngineBytes.Hello(), big));
    }

    private static async Task CheckAsync(byte[] bad, FrameError expected)
    {
        // In one segment, across two, and a byte at a time.
        var stream = Frames.Concat(Before, bad, EngineBytes.Record(4));
        foreach (var segments in new byte[][][] { [stream], [stream[..(Before.Length + 3)], stream[(Before.Length + 3)..]], [.. stream.Select(value => new[] { value })] })
        {
            var stand = new SessionStand();

            var exception = await Assert.ThrowsAsync<FrameFormatException>(() => stand.RunAsync(segments));

            Assert.Equal((expected, (long)Before.Length), (exception.Error, exception.Position));
            Assert.Equal([1L, 2L], stand.Sink.Numbers);
            Assert.Equal(3UL, stand.Context.Progress.Next);
        }
    }
}
