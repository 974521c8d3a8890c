using System.Buffers;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Tests.Wire;

public sealed class RecordBatchTests
{
    private static readonly StreamPosition First = new(SourceId: 1, SessionId: 2, Sequence: 1);

    [Fact]
    public void Records_are_walked_across_chunks_with_ascending_lsns()
    {
        var batch = RecordBatch.Borrow([Frames.Metric(1, "a"), ReadOnlyMemory<byte>.Empty, (byte[])[.. Frames.Metric(2, "b"), .. Frames.Metric(3, "c")]], 3, First, new Lsn(10));
        var seen = new List<(ulong Lsn, ulong Sequence)>();
        foreach (var record in batch)
        {
            seen.Add((record.Lsn.Value, record.Header.Sequence));
        }

        Assert.Equal([(10, 1), (11, 2), (12, 3)], seen);
        Assert.Equal(new Lsn(12), batch.LastLsn);
        Assert.Equal(batch.Chunks.ToArray().Sum(static c => c.Length), batch.ByteCount);
    }

    [Fact]
    public void Retaining_borrowed_memory_copies_it()
    {
        var memory = Frames.Metric(1, "a");
        var expected = memory.ToArray();
        var batch = RecordBatch.Borrow([memory], 1, First, new Lsn(1));
        var kept = batch.Retain();
        memory.AsSpan().Clear();
        batch.Release();
        Assert.NotSame(batch, kept);
        Assert.Equal(expected, kept.Chunks[0].ToArray());
        Assert.Equal((batch.Count, batch.First, batch.FirstLsn), (kept.Count, kept.First, kept.FirstLsn));
        kept.Release();
    }

    [Fact]
    public void Retaining_owned_memory_shares_it_until_the_last_release()
    {
        var frame = Frames.Metric(1, "a");
        var rented = ArrayPool<byte>.Shared.Rent(frame.Length);
        frame.CopyTo(rented, 0);
        var batch = RecordBatch.Own(rented, frame.Length, 1, First);
        Assert.Same(batch, batch.Retain());
        batch.Release();
        Assert.Equal(frame, batch.Chunks[0].ToArray());
        batch.Release();
        Assert.Throws<ObjectDisposedException>(() => batch.Retain());
        Assert.Throws<ObjectDisposedException>(batch.Release);
    }

    [Fact]
    public void Lsns_are_assigned_once()
    {
        var batch = RecordBatch.Borrow([Frames.Metric(1, "a")], 1, First);
        batch.AssignLsn(new Lsn(5));
        Assert.Throws<InvalidOperationException>(() => batch.AssignLsn(new Lsn(6)));
        Assert.Equal(new Lsn(5), batch.FirstLsn);
    }
}
