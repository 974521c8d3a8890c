using Mev.Sdk.Features;
using Mev.Sdk.Features.Tests;
using Mev.Sdk.Models.Inference;
using Mev.Sdk.Records;
using Mev.Sdk.TestKit;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Models.Tests.Inference;

public sealed class ScoringSinkWarmUpTests
{
    private const int BatchSize = 50;
    private const int HistoryBatches = 30;

    [Fact]
    public async Task WarmUpAsync_rest_of_the_stream_is_scored_bit_equal_to_a_sink_that_saw_it_all()
    {
        var stream = RandomMarket.Create(17, 3_000);
        var live = new Rig();
        await live.Write(stream, 0, HistoryBatches);
        var (rows, frames) = (live.Predictor.Rows.Count, live.Appender.Frames.Count);
        await live.Write(stream, HistoryBatches, int.MaxValue);

        var warmed = new Rig();
        var shown = await warmed.Sink.WarmUpAsync(Batches(stream, 0, HistoryBatches), TestContext.Current.CancellationToken);
        Assert.Empty(warmed.Appender.Frames);
        Assert.Empty(warmed.Predictor.Rows);
        Assert.Equal((0, 0), (warmed.Sink.Scored, warmed.Sink.Observed));
        await warmed.Write(stream, HistoryBatches, int.MaxValue);

        Assert.InRange(warmed.Predictor.Rows.Count, 500, 1_500);
        Assert.Equal(live.Predictor.Rows.Skip(rows), warmed.Predictor.Rows);
        Assert.Equal(live.Appender.Frames.Skip(frames), warmed.Appender.Frames);
        Assert.Equal(live.Sink.Observed, shown + warmed.Sink.Observed);

        // The stream is one that tells a warm start from a cold one.
        var cold = new Rig();
        await cold.Write(stream, HistoryBatches, int.MaxValue);
        Assert.NotEqual(warmed.Predictor.Rows, cold.Predictor.Rows);
    }

    [Fact]
    public async Task WarmUpAsync_transaction_of_the_history_is_not_scored_when_sighted_again()
    {
        var rig = new Rig();
        await rig.Sink.WarmUpAsync(Batches(new RecordStream().Add(Make.Transaction(1, 10)), 0, 1), TestContext.Current.CancellationToken);

        await rig.Write(new RecordStream().Add(Make.Transaction(1, 11)).Add(Make.Transaction(2, 11)), 0, 1);

        Assert.Equal((1, 1), (rig.Sink.Scored, rig.Sink.Observed));
    }

    [Fact]
    public async Task WarmUpAsync_after_the_first_live_batch_is_refused()
    {
        var rig = new Rig();
        var stream = new RecordStream().Add(new SlotRecord { Slot = 1 });
        await rig.Write(stream, 0, 1);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => rig.Sink.WarmUpAsync(Batches(stream, 0, 1), TestContext.Current.CancellationToken));

        Assert.Contains("first live batch", error.Message, StringComparison.Ordinal);
        Assert.Contains("before the sources start", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WarmUpAsync_under_way_neither_live_batches_nor_another_warm_up_come_between()
    {
        var rig = new Rig();
        var stream = new RecordStream().Add(Make.Transaction(1, 10));
        var gate = new TaskCompletionSource();
        var warming = rig.Sink.WarmUpAsync(Gated(gate.Task), TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<InvalidOperationException>(() => rig.Write(stream, 0, 1));
        await Assert.ThrowsAsync<InvalidOperationException>(() => rig.Sink.WarmUpAsync(Batches(stream, 0, 1), TestContext.Current.CancellationToken));
        gate.SetResult();

        Assert.Equal(0, await warming);
        await rig.Write(stream, 0, 1);
        Assert.Equal(1, rig.Sink.Scored);
    }

    [Fact]
    public async Task WarmUpAsync_cancelled_releases_its_batch_and_another_call_may_go_on()
    {
        var rig = new Rig();
        var batches = new RecordStream().Add(Make.Transaction(1, 10)).Add(Make.Transaction(2, 10)).Batches(static () => 1).ToArray();
        using var cancellation = new CancellationTokenSource();

        await Assert.ThrowsAsync<OperationCanceledException>(() => rig.Sink.WarmUpAsync(CancelAfterFirst(batches, cancellation), cancellation.Token));

        Assert.All(batches, static b => Assert.Throws<ObjectDisposedException>(b.Release));
        Assert.Equal(1, await rig.Sink.WarmUpAsync(
            Batches(new RecordStream().Add(Make.Transaction(1, 10)).Add(Make.Transaction(2, 10)), 0, 2), TestContext.Current.CancellationToken));
    }

    private static IAsyncEnumerable<RecordBatch> Batches(RecordStream stream, int first, int count) =>
        stream.Batches(static () => BatchSize).Skip(first).Take(count).ToAsyncEnumerable();

    private static async IAsyncEnumerable<RecordBatch> Gated(Task gate)
    {
        await gate;
        yield break;
    }

    private static async IAsyncEnumerable<RecordBatch> CancelAfterFirst(RecordBatch[] batches, CancellationTokenSource cancellation)
    {
        yield return batches[0];
        await cancellation.CancelAsync();
        yield return batches[1];
    }

    private sealed class Rig
    {
        public Rig()
        {
            Sink = new ScoringSink(
                new FeatureEngine(new FeatureEngineOptions { MaxPools = 64, MaxTokens = 64, SightingWindow = 10_000 }), Appender, new FixedTime());
            Sink.Use(new ScoringModel("v1", Artifacts.Schema, Predictor, 0.5));
        }

        public ListAppender Appender { get; } = new();

        // Any difference of a single bit in a row gives another score.
        public FakePredictor Predictor { get; } = new(static row =>
        {
            var hash = 17;
            foreach (var value in row)
            {
                hash = unchecked((hash * 31) + BitConverter.SingleToInt32Bits(value));
            }

            return (hash & 0xFFFFFF) / (float)0x1000000;
        });

        public ScoringSink Sink { get; }

        public async Task Write(RecordStream stream, int first, int count)
        {
            await foreach (var batch in Batches(stream, first, count))
            {
                await Sink.WriteAsync(batch, TestContext.Current.CancellationToken);
                batch.Release();
            }
        }
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddSeconds(1);
    }
}
