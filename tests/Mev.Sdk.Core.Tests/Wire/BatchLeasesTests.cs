using System.Buffers;
using System.Runtime.CompilerServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Tests.Wire;

[Collection(nameof(BatchLeasesTests))]
[CollectionDefinition(nameof(BatchLeasesTests), DisableParallelization = true)]
public sealed class BatchLeasesTests : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<BatchLeak> _leaks = [];

    public BatchLeasesTests()
    {
        BatchLeases.Leaked += OnLeak;
        BatchLeases.IsTracking = true;
    }

    public void Dispose()
    {
        BatchLeases.IsTracking = false;
        BatchLeases.Leaked -= OnLeak;
    }

    [Fact]
    public void Leaked_batch_that_was_never_released_is_reported_with_who_made_and_retained_it()
    {
        var before = BatchLeases.LeakCount;
        Forget(sequence: 41);

        var leak = WaitFor(41);

        Assert.NotNull(leak);
        Assert.Equal(1, leak.Count);
        Assert.Contains(nameof(Forget), leak.CreatedAt, StringComparison.Ordinal);
        Assert.Contains(nameof(Keep), Assert.Single(leak.RetainedAt), StringComparison.Ordinal);
        Assert.Contains(nameof(Keep), leak.ToString(), StringComparison.Ordinal);
        Assert.True(BatchLeases.LeakCount > before);
    }

    [Fact]
    public void Leaked_batch_that_was_released_is_not_reported()
    {
        ReleaseInOrder(sequence: 42);
        Forget(sequence: 43);
        Assert.NotNull(WaitFor(43));
        Assert.Null(Find(42));
    }

    [Fact]
    public void Leaked_handler_that_throws_does_not_end_the_process()
    {
        static void Throw(BatchLeak leak) => throw new InvalidOperationException("a handler's mistake");
        BatchLeases.Leaked += Throw;
        try
        {
            Forget(sequence: 44);
            Assert.NotNull(WaitFor(44));
        }
        finally
        {
            BatchLeases.Leaked -= Throw;
        }
    }

    [Fact]
    public void Release_once_too_often_says_where_the_batch_was_made_and_released()
    {
        var batch = Make(45);
        ReleaseHere(batch);
        var exception = Assert.Throws<ObjectDisposedException>(batch.Release);
        Assert.Contains(nameof(ReleaseHere), exception.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Make), exception.Message, StringComparison.Ordinal);

        BatchLeases.IsTracking = false;
        var untracked = Make(46);
        untracked.Release();
        Assert.Throws<ObjectDisposedException>(untracked.Release);
    }

    [Fact]
    public void Retain_more_often_than_is_kept_keeps_the_newest()
    {
        RetainOften(sequence: 47, times: 20);
        Assert.Equal(8, WaitFor(47)!.RetainedAt.Count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static RecordBatch Make(ulong sequence)
    {
        var frame = Frames.Metric(sequence, "a");
        var rented = ArrayPool<byte>.Shared.Rent(frame.Length);
        frame.CopyTo(rented, 0);
        return RecordBatch.Own(rented, frame.Length, 1, new StreamPosition(1, 2, sequence));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(ulong sequence)
    {
        var batch = RecordBatch.Own(ArrayPool<byte>.Shared.Rent(64), 64, 1, new StreamPosition(1, 2, sequence));
        Keep(batch);
        batch.Release();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Keep(RecordBatch batch) => batch.Retain();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RetainOften(ulong sequence, int times)
    {
        var batch = Make(sequence);
        for (var i = 0; i < times; i++)
        {
            Keep(batch);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ReleaseInOrder(ulong sequence)
    {
        var batch = Make(sequence);
        batch.Retain().Release();
        ReleaseHere(batch);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ReleaseHere(RecordBatch batch) => batch.Release();

    private void OnLeak(BatchLeak leak)
    {
        lock (_gate)
        {
            _leaks.Add(leak);
        }
    }

    private BatchLeak? Find(ulong sequence)
    {
        lock (_gate)
        {
            return _leaks.Find(leak => leak.First.Sequence == sequence);
        }
    }

    // The collector takes what is dead, but not always with the first try.
    private BatchLeak? WaitFor(ulong sequence)
    {
        for (var i = 0; i < 100 && Find(sequence) is null; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return Find(sequence);
    }
}
