using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Allocation.Tests;

public sealed class CoreAllocationTests
{
    private static readonly byte[] Frame = MakeFrame();

    [Fact]
    public void The_measurement_sees_an_allocation_so_the_others_are_not_vacuous() =>
        Assert.True(AllocationAssert.Measure(static () => GC.KeepAlive(new byte[16])) >= 16);

    [Fact]
    public void Reading_frames_and_every_part_of_a_record_allocates_nothing()
    {
        byte[] stream = [.. Frame, .. Frame, .. Frame];
        ulong sum = 0;
        AllocationAssert.None(() =>
        {
            var rest = new ReadOnlySpan<byte>(stream);
            var reader = new FrameReader();
            while (reader.TryRead(ref rest, out var frame) == FrameStatus.Done)
            {
                if (TransactionView.TryRead(new RecordView(new Lsn(1), frame), out var view))
                {
                    sum += view.Record.FeeLamports + (ulong)view.Swaps.Length + (ulong)view.Wire.Length + (ulong)view.Meta.Length;
                }
            }
        });
        Assert.NotEqual(0UL, sum);
    }

    [Fact]
    public void Walking_a_batch_allocates_nothing()
    {
        var batch = RecordBatch.Borrow([Frame, Frame], 2, default, new Lsn(1));
        ulong sum = 0;
        AllocationAssert.None(() =>
        {
            foreach (var record in batch)
            {
                sum += record.Lsn.Value;
            }
        });
        Assert.NotEqual(0UL, sum);
    }

    [Fact]
    public void Writing_a_frame_into_a_buffer_allocates_nothing()
    {
        var buffer = new byte[Frame.Length];
        AllocationAssert.None(() => TransactionView.Write(buffer, 1, default, [default], [1, 2, 3], [4]));
    }

    [Fact]
    public void Base58_into_a_buffer_allocates_nothing()
    {
        var signature = Signature.Parse("3WHQZTKo8jj42w2MqDSnpDHPrgcRiiGpGMKVcntMNYYtjtYNvWTvStopEEqzLFctrYUFHTCaF39fCi7RYY6XpWds");
        var text = new byte[Signature.MaxTextLength];
        AllocationAssert.None(() =>
        {
            signature.TryFormat(text, out var written, default, null);
            Assert.True(Signature.TryParse(text.AsSpan(0, written), out _));
        });
    }

    private static byte[] MakeFrame()
    {
        var frame = new byte[TransactionView.GetFrameLength(1, 3, 1)];
        TransactionView.Write(frame, 1, new TransactionRecord { FeeLamports = 5000 }, [default], [1, 2, 3], [4]);
        return frame;
    }
}
