using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Ingest.Tests.Sequencing;

/// <summary>The host's own records gather, so that the journal is not fed one tiny batch behind each batch of a source.</summary>
public sealed class OwnRecordDelayTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly CollectingSink _sink = new();
    private readonly List<int> _ownBatches = [];

    [Fact]
    public async Task WriteAsync_own_records_of_many_batches_are_shown_as_one_when_the_oldest_waited_long_enough()
    {
        await using var sequencer = Answering();
        for (var i = 1UL; i <= 50; i++)
        {
            await WriteAsync(sequencer, i);
            _time.Advance(TimeSpan.FromMilliseconds(1.9));
        }

        Assert.Equal(50, _sink.Numbers.Count);
        Assert.Empty(_ownBatches);

        _time.Advance(TimeSpan.FromMilliseconds(10));
        await _sink.WaitForAsync(100);
        Assert.Equal([50], _ownBatches);
        Assert.Equal(Enumerable.Range(1, 50).Select(i => -(long)i), _sink.Numbers.Skip(50));
    }

    [Fact]
    public async Task WriteAsync_due_records_come_before_the_next_batch_even_if_the_timer_is_late()
    {
        await using var sequencer = Answering();
        await WriteAsync(sequencer, 1);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        await WriteAsync(sequencer, 2);
        Assert.Equal([1L, -1, 2], _sink.Numbers);
    }

    [Fact]
    public async Task TryAppend_records_appended_after_a_drain_wait_their_own_delay()
    {
        await using var sequencer = Answering();
        Assert.True(sequencer.TryAppend(Frames.Numbered(-1)));
        _time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.True(sequencer.TryAppend(Frames.Numbered(-2, padding: 70_000)));
        await _sink.WaitForAsync(2);

        Assert.True(sequencer.TryAppend(Frames.Numbered(-3)));
        _time.Advance(TimeSpan.FromMilliseconds(99));
        await WriteAsync(sequencer, 1);
        Assert.Equal([-1L, -2, 1], _sink.Numbers);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await _sink.WaitForAsync(5);
        Assert.Equal([2, 2], _ownBatches);
    }

    [Fact]
    public async Task TryAppend_64_KiB_are_shown_without_a_delay()
    {
        await using var sequencer = Answering();
        var frame = Frames.Numbered(-1, padding: 8000);
        for (var bytes = 0; bytes < 64 << 10; bytes += frame.Length)
        {
            Assert.Empty(_ownBatches);
            Assert.True(sequencer.TryAppend(frame));
        }

        await Eventually.BecomesAsync(() => _ownBatches.Count == 1);
    }

    [Fact]
    public async Task TryAppend_refused_by_a_full_lane_drains_it_before_the_next_batch()
    {
        var lane = new SystemLane(new RecordSequencerOptions { LaneBytes = RecordSequencerOptions.MinLaneBytes }, timeProvider: _time);
        await using var sequencer = new RecordSequencer([_sink], lane: lane, timeProvider: _time);
        Assert.True(sequencer.TryAppend(Frames.Numbered(-1, padding: 8000)));
        Assert.False(sequencer.TryAppend(Frames.Numbered(-2, padding: 60_000)));

        await WriteAsync(sequencer, 1);

        Assert.Equal([-1L, 1], _sink.Numbers);
        Assert.True(sequencer.TryAppend(Frames.Numbered(-2, padding: 60_000)));
    }

    [Fact]
    public async Task TryAppend_delay_of_zero_comes_at_once()
    {
        await using var sequencer = Answering(TimeSpan.Zero);
        await WriteAsync(sequencer, 1);
        await _sink.WaitForAsync(2);
        await WriteAsync(sequencer, 2);
        await _sink.WaitForAsync(4);
        Assert.Equal([1L, -1, 2, -2], _sink.Numbers);
    }

    [Fact]
    public async Task DisposeAsync_does_not_wait_for_the_delay()
    {
        var sequencer = Answering();
        await WriteAsync(sequencer, 1);
        await sequencer.DisposeAsync();
        Assert.Equal([1L, -1], _sink.Numbers);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(10_001)]
    public void Constructor_delay_out_of_range_is_named(int milliseconds)
    {
        var options = new RecordSequencerOptions { OwnRecordDelay = TimeSpan.FromMilliseconds(milliseconds) };
        var exception = Assert.Throws<ArgumentException>(() => new SystemLane(options));
        Assert.Contains("Mev:Ingest:Sequencer:OwnRecordDelay is ", exception.Message, StringComparison.Ordinal);
    }

    // A sink that answers every record of a source with one of its own.
    private RecordSequencer Answering(TimeSpan? delay = null)
    {
        var options = new RecordSequencerOptions();
        options.OwnRecordDelay = delay ?? options.OwnRecordDelay;
        var lane = new SystemLane(options, timeProvider: _time);
        _sink.OnWrite = batch =>
        {
            if (batch.First.SourceId == 0)
            {
                _ownBatches.Add(batch.Count);
            }
            else
            {
                Assert.True(lane.TryAppend(Frames.Numbered(-(long)batch.First.Sequence)));
            }

            return ValueTask.CompletedTask;
        };
        return new RecordSequencer([_sink], lane: lane, timeProvider: _time);
    }

    private static async Task WriteAsync(RecordSequencer sequencer, ulong sequence) =>
        await sequencer.WriteAsync(
            RecordBatch.Borrow([Frames.Numbered((long)sequence, sequence)], 1, new StreamPosition(1, 1, sequence)), TestContext.Current.CancellationToken);
}
