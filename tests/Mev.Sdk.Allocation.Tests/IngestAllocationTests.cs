using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Transports;
using Mev.Sdk.Ingest.Views;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Allocation.Tests;

public sealed class IngestAllocationTests
{
    private const ulong SessionId = 7;

    // A batch object and its list of chunks, whatever is in them.
    private const long BytesOfBatch = 256;

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(800)]
    public void Assembling_a_read_into_a_batch_allocates_the_batch_and_nothing_for_its_records(int records)
    {
        var bytes = Frames(records);
        var assembler = new FrameAssembler(sourceId: 1, WireFormat.DefaultMaxFrameBytes);
        var taken = 0L;
        var allocated = AllocationAssert.Measure(() =>
        {
            assembler.Expect(SessionId, 1);
            assembler.Begin(new ReadOnlySequence<byte>(bytes));
            assembler.Scan();
            var batch = assembler.Take()!;
            taken += batch.Count;
            batch.Release();
            assembler.Release();
        });
        Assert.True(taken >= records);
        Assert.InRange(allocated, 1, BytesOfBatch);
    }

    // A view that is stuck must cost the stream nothing; one that copies pays for the batch object and its list, the bytes are pooled.
    [Theory]
    [InlineData(FullView.DropNewest, 0)]
    [InlineData(FullView.DropOldest, BytesOfBatch)]
    public void Full_view_allocates_nothing_for_what_it_drops(FullView whenFull, long most)
    {
        var view = new ViewSink(new StuckSink(), new ViewOptions { MaxBatches = 2, WhenFull = whenFull });
        var batch = RecordBatch.Borrow([Frames(100)], 100, new StreamPosition(1, SessionId, 1), Lsn.Create(0, 1));
        var allocated = AllocationAssert.Measure(() => _ = view.WriteAsync(batch).AsTask());
        Assert.True(view.DroppedRecords > 0);
        Assert.InRange(allocated, 0, most);
    }

    // The whole process is measured, so the engine of this test is a thread that sends one array again and again.
    [Fact]
    public async Task Receiving_over_tcp_allocates_for_batches_and_not_for_records()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stopping = new CancellationTokenSource();
        var engine = new Thread(() => Serve(listener, stopping.Token)) { IsBackground = true };
        engine.Start();

        var sink = new CountingSink();
        await using var sequencer = new RecordSequencer([sink]);
        var source = new EngineRecordSource(new EngineSourceOptions { Endpoint = $"tcp://{listener.LocalEndpoint}" });
        var running = source.RunAsync(sequencer, stopping.Token);
        await sink.WaitAsync(records: 300_000, running);

        var (batches, records) = (sink.Batches, sink.Records);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await sink.WaitAsync(records + 500_000, running);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        batches = sink.Batches - batches;
        records = sink.Records - records;

        // Receives that had to wait, the meter's tags and this test's own waiting are in it: per batch, never per record.
        Assert.True(allocated < 200_000 + (batches * 2 * BytesOfBatch), $"{allocated} bytes for {batches} batches of {records} records.");
        Assert.True(allocated < records * 16, $"{allocated} bytes for {records} records.");

        await stopping.CancelAsync();
        await running;
        engine.Join(TimeSpan.FromSeconds(30));
    }

    private static void Serve(TcpListener listener, CancellationToken stopping)
    {
        try
        {
            using var socket = listener.AcceptSocket();
            var hello = new byte[FrameSize.Of<HelloMessage>().WithData(0).Total];
            var writer = FrameWriter.Begin(hello, new HelloMessage { SessionId = SessionId, FirstRetainedSequence = 1, NextSequence = 1, HeartbeatMilliseconds = 60_000 });
            writer.Data([]);
            writer.Complete(0, 0);
            socket.Send(hello);
            var answer = new byte[FrameSize.Of<SubscribeMessage>().Total];
            for (var have = 0; have < answer.Length;)
            {
                have += socket.Receive(answer.AsSpan(have));
            }

            var frames = Frames(512);
            for (ulong next = 1; !stopping.IsCancellationRequested;)
            {
                for (var at = 0; at < frames.Length;)
                {
                    var length = BitConverter.ToInt32(frames, at);
                    FrameWriter.Stamp(frames.AsSpan(at, length), next++, 0);
                    at += length;
                }

                socket.Send(frames);
            }
        }
        catch (SocketException)
        {
            // The host has left.
        }
    }

    private static byte[] Frames(int count)
    {
        var length = TransactionView.GetFrameLength(1, 40, 0);
        var frames = new byte[count * length];
        for (var i = 0; i < count; i++)
        {
            var frame = frames.AsSpan(i * length, length);
            TransactionView.Write(frame, 0, default, [default], new byte[40], []);
            FrameWriter.Stamp(frame, (ulong)i + 1, 0);
        }

        return frames;
    }

    private sealed class CountingSink : IRecordSink
    {
        private long _records;
        private long _batches;

        public long Records => Volatile.Read(ref _records);

        public long Batches => Volatile.Read(ref _batches);

        public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
        {
            Volatile.Write(ref _records, _records + batch.Count);
            Volatile.Write(ref _batches, _batches + 1);
            return ValueTask.CompletedTask;
        }

        public async Task WaitAsync(long records, Task running)
        {
            var started = Stopwatch.GetTimestamp();
            while (Records < records)
            {
                Assert.False(running.IsCompleted, "The source ended.");
                Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(2), $"Only {Records} records came.");
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }
    }

    private sealed class StuckSink : IRecordSink
    {
        public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default) => new(new TaskCompletionSource().Task);
    }
}
