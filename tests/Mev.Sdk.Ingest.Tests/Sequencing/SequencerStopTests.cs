using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Ingest.Tests.Sequencing;

public sealed class SequencerStopTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    private readonly FakeTimeProvider _time = new();
    private readonly IngestMonitor _monitor = new();
    private readonly ListLogger<RecordSequencer> _logger = new();

    [Fact]
    public async Task DisposeAsync_blocked_sink_is_cancelled_after_the_grace_and_counts_as_a_stop()
    {
        var sink = new BlockedSink();
        var sequencer = New(sink);
        var write = WriteAsync(sequencer);
        await sink.Entered.Task;

        var dispose = sequencer.DisposeAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(sink.Token.IsCancellationRequested);
        await Eventually.AdvanceUntilAsync(_time, Step, () => dispose.IsCompleted);
        await dispose;

        var stopped = await Assert.ThrowsAsync<IntakeStoppedException>(() => write);
        Assert.Contains("was stopped while the sink BlockedSink was busy", stopped.Message, StringComparison.Ordinal);
        AssertStoppedNotFailed();
        Assert.False(sequencer.TryAppend(Frames.Numbered(1)));
    }

    [Fact]
    public async Task DisposeAsync_sink_that_blocks_on_what_waited_in_the_lane_is_cancelled_too()
    {
        var sink = new BlockedSink();
        var sequencer = New(sink);
        Assert.True(sequencer.TryAppend(Frames.Numbered(1)));

        var dispose = sequencer.DisposeAsync().AsTask();
        await sink.Entered.Task;
        await Eventually.AdvanceUntilAsync(_time, Step, () => dispose.IsCompleted);
        await dispose;

        AssertStoppedNotFailed();
    }

    private void AssertStoppedNotFailed()
    {
        Assert.Null(_monitor.GetSnapshot().Failure);
        Assert.Equal(LogLevel.Warning, Assert.Single(_logger.Entries).Level);
    }

    private RecordSequencer New(IRecordSink sink) => new([sink], monitor: _monitor, logger: _logger, timeProvider: _time);

    private static async Task WriteAsync(RecordSequencer sequencer) =>
        await sequencer.WriteAsync(
            RecordBatch.Borrow([Frames.Numbered(1, 1)], 1, new StreamPosition(1, 1, 1)), TestContext.Current.CancellationToken);

    private sealed class BlockedSink : IRecordSink
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationToken Token { get; private set; }

        public async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
        {
            Token = cancellationToken;
            Entered.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
    }
}
