using System.Buffers.Binary;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Session;

/// <summary>Engines older and newer than this host: fields are only ever added, so each reads what it knows of the other.</summary>
public sealed class EvolutionTests
{
    [Fact]
    public async Task Newer_engine_with_longer_blocks_and_more_fields_is_read_by_what_is_known()
    {
        var stand = new SessionStand();
        await stand.RunAsync(
            Longer(EngineBytes.Hello(next: 3), HelloMessage.Size, extra: 16),
            Longer(EngineBytes.Record(1), MetricRecord.Size, extra: 24),
            Longer(EngineBytes.Heartbeat(1), HeartbeatMessage.Size, extra: 8),
            Trailing(EngineBytes.Record(2)));
        Assert.Equal([1, 2], stand.Sink.Numbers);
        Assert.Equal("test engine", stand.Snapshot.EngineName);
        Assert.Empty(stand.Gaps.GetGaps());
    }

    [Fact]
    public async Task Older_engine_with_shorter_blocks_is_read_as_if_the_rest_were_zero()
    {
        // A hello of before the flags, a heartbeat of before the echo, a transaction of before its last fields.
        var hello = EngineBytes.Hello(next: 3, flags: StreamFlags.Simulated);
        var transaction = new byte[TransactionView.GetFrameLength(0, 3, 0)];
        TransactionView.Write(transaction, 0, new TransactionRecord { Slot = 77, FeeLamports = 5 }, [], [1, 2, 3], []);
        FrameWriter.Stamp(transaction, 1, 0);
        var sink = new TransactionSink();
        var stand = new SessionStand(sinks: [sink]);
        await stand.RunAsync(Shorter(hello, HelloMessage.Size, 24), Shorter(transaction, TransactionRecord.Size, TransactionRecord.Size - 64), Shorter(EngineBytes.Heartbeat(1), HeartbeatMessage.Size, 8));

        Assert.Equal(StreamFlags.None, stand.Snapshot.Flags);
        Assert.Equal("test engine", stand.Snapshot.EngineName);
        Assert.Equal([(77UL, 3)], sink.Seen);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(65_535)]
    public async Task Newer_version_number_is_no_reason_to_refuse(int version)
    {
        var stand = new SessionStand();
        await stand.RunAsync(Versioned(EngineBytes.Hello(next: 2), version), Versioned(EngineBytes.Record(1), version));
        Assert.Equal([1], stand.Sink.Numbers);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(31)]
    public async Task Unknown_kind_of_record_is_delivered_as_it_is(int template)
    {
        var stand = new SessionStand();
        await stand.RunAsync(EngineBytes.Hello(next: 4), EngineBytes.Record(1), Templated(EngineBytes.Record(2), template), EngineBytes.Record(3));
        Assert.Equal([(ushort)6, (ushort)template, (ushort)6], stand.Sink.All.Select(seen => seen.Template));
        Assert.Equal([1UL, 2, 3], stand.Sink.All.Select(seen => seen.Position.Sequence));
        Assert.Empty(stand.Gaps.GetGaps());
    }

    [Theory]
    [InlineData(73)]
    [InlineData(95)]
    [InlineData(99)]
    [InlineData(60_000)]
    public async Task Unknown_session_or_control_message_is_skipped_anywhere(int template)
    {
        var unknown = Templated(EngineBytes.Heartbeat(0), template);
        var stand = new SessionStand();
        await stand.RunAsync(unknown, EngineBytes.Hello(next: 3), unknown, EngineBytes.Record(1), unknown, EngineBytes.Record(2), unknown);
        Assert.Equal([1, 2], stand.Sink.Numbers);
    }

    [Fact]
    public async Task Unknown_flags_of_a_newer_engine_are_kept_and_mean_nothing()
    {
        var stand = new SessionStand(expectSimulated: false);
        await stand.RunAsync(EngineBytes.Hello(next: 2, flags: (StreamFlags)0xFFFF_FF00), EngineBytes.Record(1));
        Assert.Equal([1], stand.Sink.Numbers);
    }

    private static byte[] Longer(byte[] frame, int block, int extra)
    {
        byte[] longer = [.. frame[..(FrameHeader.Size + block)], .. Enumerable.Repeat((byte)0xAA, extra), .. frame[(FrameHeader.Size + block)..]];
        return Stamp(longer, block + extra);
    }

    private static byte[] Shorter(byte[] frame, int block, int left) =>
        Stamp([.. frame[..(FrameHeader.Size + left)], .. frame[(FrameHeader.Size + block)..]], left);

    // Variable data that this reader knows nothing of, behind all that it knows.
    private static byte[] Trailing(byte[] frame) => Stamp([.. frame, 4, 0, 0, 0, 1, 2, 3, 4], BitConverter.ToUInt16(frame, 24));

    private static byte[] Versioned(byte[] frame, int version)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(30), (ushort)version);
        return Stamp(frame, BitConverter.ToUInt16(frame, 24));
    }

    private static byte[] Templated(byte[] frame, int template)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(26), (ushort)template);
        return Stamp(frame, BitConverter.ToUInt16(frame, 24));
    }

    private static byte[] Stamp(byte[] frame, int block)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(frame, (uint)frame.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(24), (ushort)block);
        FrameWriter.Stamp(frame, BitConverter.ToUInt64(frame, 8), BitConverter.ToUInt64(frame, 16));
        return frame;
    }

    private sealed class TransactionSink : IRecordSink
    {
        public List<(ulong Slot, int Wire)> Seen { get; } = [];

        public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
        {
            foreach (var record in batch)
            {
                if (TransactionView.TryRead(in record, out var view))
                {
                    Seen.Add((view.Record.Slot, view.Wire.Length));
                }
            }

            return ValueTask.CompletedTask;
        }
    }
}
