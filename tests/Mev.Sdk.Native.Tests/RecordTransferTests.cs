using System.Runtime.InteropServices;
using Mev.Sdk.Native.Tests.Support;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Native.Tests;

/// <summary>What the C++ publisher sends is what a .NET sink sees.</summary>
[Trait("Needs", "native")]
public sealed class RecordTransferTests
{
    [Theory]
    [InlineData("tcp")]
    [InlineData("unix")]
    public async Task Transactions_arrive_field_by_field(string transport)
    {
        const int Count = 2000;
        using var folder = new TemporaryFolder();
        await using var engine = await NativeEngine.StartAsync("--listen", transport == "tcp" ? "tcp://127.0.0.1:0" : $"unix://{folder.Path}/engine.sock");
        await using var host = await TestHost.StartAsync(engine.Endpoint, folder.Path);

        await engine.DoAsync($"transactions {Count}");
        await host.Sink.WaitForAsync(engine.SessionId, Count);

        var frames = host.Sink.Of(engine.SessionId);
        Assert.Equal(Count, frames.Count);
        for (var n = 1UL; n <= Count; n++)
        {
            CheckTransaction(frames[(int)n - 1], n);
        }

        await host.AcknowledgedAsync(Count);
        Assert.StartsWith($"{Count + 1} 1 0 {Count} 1 0", await engine.TellAsync("stats"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Golden_frames_of_every_record_an_engine_may_send_arrive_byte_for_byte()
    {
        var frames = Directory.EnumerateFiles(Path.Combine(NativeBuild.Repository, "tests", "golden", "v1"), "*.hex")
            .Select(static path => Convert.FromHexString(string.Concat(File.ReadAllLines(path))))
            .Where(static frame => TemplateIds.IsEngineRecord(MemoryMarshal.Read<FrameHeader>(frame).TemplateId)).ToList();
        Assert.Equal(9, frames.Count);
        using var folder = new TemporaryFolder();
        await using var engine = await NativeEngine.StartAsync();
        await using var host = await TestHost.StartAsync(engine.Endpoint, folder.Path);

        foreach (var frame in frames)
        {
            await engine.DoAsync($"frame {Convert.ToHexString(frame)}");
        }

        await host.Sink.WaitForAsync(engine.SessionId, frames.Count);
        var came = host.Sink.Of(engine.SessionId);
        for (var i = 0; i < frames.Count; i++)
        {
            // Only the number within the session is another, and with it the checksum.
            FrameWriter.Stamp(frames[i], (ulong)i + 1, MemoryMarshal.Read<FrameHeader>(frames[i]).EngineTimeNanoseconds);
            Assert.Equal(frames[i], came[i]);
        }
    }

    [Fact]
    public async Task Frames_that_only_a_host_makes_are_refused_by_the_publisher()
    {
        var gap = string.Concat(await File.ReadAllLinesAsync(Path.Combine(NativeBuild.Repository, "tests", "golden", "v1", "Gap.hex"), TestContext.Current.CancellationToken));
        await using var engine = await NativeEngine.StartAsync();

        Assert.Contains("not a frame of a record", await engine.TellAsync($"frame {gap}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_of_newer_and_older_writers_are_read_by_what_is_known()
    {
        using var folder = new TemporaryFolder();
        await using var engine = await NativeEngine.StartAsync();
        await using var host = await TestHost.StartAsync(engine.Endpoint, folder.Path);

        await engine.DoAsync("longer 12.5");
        await engine.DoAsync("shorter 13.5");
        await host.Sink.WaitForAsync(engine.SessionId, 2);

        var frames = host.Sink.Of(engine.SessionId);
        Assert.True(MetricView.TryRead(new RecordView(Lsn.None, frames[0]), out var longer));
        Assert.Equal((12.5, 99UL), (longer.Record.Value, longer.Record.TimeNanoseconds));
        Assert.Equal("longer"u8, longer.Name);
        Assert.Equal("{}"u8, longer.Tags);
        Assert.True(MetricView.TryRead(new RecordView(Lsn.None, frames[1]), out var shorter));
        Assert.Equal((13.5, 0UL), (shorter.Record.Value, shorter.Record.TimeNanoseconds));
        Assert.Equal("shorter"u8, shorter.Name);
        Assert.True(shorter.Tags.IsEmpty);
    }

    // The same formula as publish_transaction() of test_engine.cpp.
    private static void CheckTransaction(byte[] frame, ulong n)
    {
        var header = MemoryMarshal.Read<FrameHeader>(frame);
        Assert.Equal((n, 1_700_000_000_000_000_000UL + n), (header.Sequence, header.EngineTimeNanoseconds));
        Assert.True(TransactionView.TryRead(new RecordView(Lsn.None, frame), out var view));
        ref readonly var record = ref view.Record;
        Assert.Equal((1000 + n, 5000 + n, n * 3), (record.Slot, record.FeeLamports, record.TipLamports));
        Assert.Equal(((uint)n * 7, (uint)n), (record.ComputeUnitsConsumed, record.IndexInBlock));
        Assert.Equal((SightingStage.Confirmed, TransactionFlags.HasMeta), (record.Stage, record.Flags));
        Assert.Equal(new Signature(Bytes(n, 64)), record.Signature);
        Assert.Equal(new Pubkey(Bytes(n + 1, 32)), record.Payer);
        Assert.Equal((int)(n % 4), view.Swaps.Length);
        for (var i = 0UL; i < (ulong)view.Swaps.Length; i++)
        {
            ref readonly var swap = ref view.Swaps[(int)i];
            Assert.Equal(new Pubkey(Bytes(n + i, 32)), swap.Pool);
            Assert.Equal(((n * 100) + i, (n * 200) + i), (swap.AmountIn, swap.AmountOut));
            Assert.Equal((VenueId.OrcaWhirlpool, (byte)(i + 1)), (swap.Venue, swap.DecimalsIn));
        }

        Assert.Equal(Enumerable.Repeat((byte)n, (int)(n % 300)), view.Wire.ToArray());
        Assert.Equal(Enumerable.Repeat((byte)(n + 1), (int)(n % 7)), view.Meta.ToArray());
    }

    private static byte[] Bytes(ulong from, int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(from + (ulong)i))];
}
