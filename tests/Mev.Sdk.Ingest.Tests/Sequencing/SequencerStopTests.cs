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

    [Fact]
    public async Task WriteAsync_batch_that_the_log_refuses_goes_back_to_its_source_alone()
    {
        var log = new RefusingLog { RefusedSource = 1 };
        var view = new CollectingSink();
        await using var sequencer = new RecordSequencer([view, log], log, monitor: _monitor, logger: _logger, timeProvider: _time);

        await Assert.ThrowsAsync<BatchRefusedException>(() => WriteAsync(sequencer));
        await WriteAsync(sequencer, source: 2);

        Assert.Null(sequencer.Failure);
        Assert.Null(_monitor.GetSnapshot().Failure);
        Assert.Equal(1, log.Taken);
        Assert.Equal(2U, Assert.Single(view.All).Position.SourceId);
        Assert.Equal(LogLevel.Error, Assert.Single(_logger.Entries).Level);
    }

    [Fact]
    public async Task WriteAsync_refusal_by_a_sink_that_is_no_log_stops_the_intake()
    {
        await using var sequencer = New(new RefusingSink());

        await Assert.ThrowsAsync<IntakeStoppedException>(() => WriteAsync(sequencer));
        Assert.NotNull(sequencer.Failure);
    }

    private void AssertStoppedNotFailed()
    {
        Assert.Null(_monitor.GetSnapshot().Failure);
        Assert.Equal(LogLevel.Warning, Assert.Single(_logger.Entries).Level);
    }

    private RecordSequencer New(IRecordSink sink) => new([sink], monitor: _monitor, logger: _logger, timeProvider: _time);

    private static async Task WriteAsync(RecordSequencer sequencer, uint source = 1) =>
        await sequencer.WriteAsync(
            RecordBatch.Borrow([Frames.Numbered(1, 1)], 1, new StreamPosition(source, 1, 1)), TestContext.Current.CancellationToken);

    private sealed class RefusingSink : IRecordSink
    {
        public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default) =>
            ValueTask.FromException(new BatchRefusedException("no."));
    }

    private sealed class RefusingLog : IRecordSink, IRecordLog
    {
        public uint RefusedSource { get; init; }

        public int Taken { get; private set; }

        public Lsn NextLsn => Lsn.Create(0, 1);

        public Lsn DurableLsn => Lsn.None;

        public IReadOnlyList<StreamPosition> DurablePositions => [];

        public IReadOnlyList<SequenceRange> DurableRanges => [];

        public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
        {
            if (batch.First.SourceId == RefusedSource)
            {
                throw new BatchRefusedException("Record 0 is too long.");
            }

            Taken++;
            return ValueTask.CompletedTask;
        }

        public IAsyncEnumerable<RecordBatch> ReadAsync(Lsn from, bool follow, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }

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
