using System.Text;
using Mev.Sdk.Features;
using Mev.Sdk.Models.Inference;
using Mev.Sdk.Records;
using Mev.Sdk.TestKit;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Models.Tests.Inference;

public sealed class ScoringSinkTests
{
    private static readonly float Low = (float)(1 / (1 + Math.Exp(2)));
    private static readonly float High = (float)(1 / (1 + Math.Exp(-2)));
    private readonly ListAppender _appender = new();
    private readonly Observer _observer = new();

    [Fact]
    public async Task WriteAsync_first_sightings_are_scored_as_one_record_a_batch()
    {
        var sink = Sink();
        sink.Use(ScoringModel.FromArtifact(Artifacts.Create()));

        await Write(sink, Stream());

        Assert.Equal((2, 2, 0), (sink.Scored, sink.Observed, sink.DroppedScores));
        var frame = Assert.Single(_appender.Frames);
        var view = new RecordView(Lsn.None, frame);
        Assert.True(PredictionView.TryRead(in view, out var prediction));
        Assert.Equal(Artifacts.Schema.Hash, prediction.Record.FeatureSchemaHash);
        Assert.Equal(0.5, prediction.Record.Threshold);
        Assert.Equal(1_000_000_000UL, prediction.Record.TimeNanoseconds);
        Assert.Equal("20260102T030405Z-00000001", Encoding.UTF8.GetString(prediction.ModelVersion));
        Assert.Equal(2, prediction.Scores.Length);
        Assert.Equal((Lsn.Create(1, 1).Value, High, 1f), (prediction.Scores[0].TransactionLsn, prediction.Scores[0].Score, prediction.Scores[0].Propensity));
        Assert.Equal((Lsn.Create(1, 4).Value, Low), (prediction.Scores[1].TransactionLsn, prediction.Scores[1].Score));
    }

    [Fact]
    public async Task WriteAsync_observers_hear_of_every_score_in_order()
    {
        var sink = Sink();
        sink.Use(ScoringModel.FromArtifact(Artifacts.Create()));

        await Write(sink, Stream());

        Assert.Equal([Make.Signature(1), Make.Signature(2)], _observer.Seen.Select(static s => s.Signature));
        Assert.Equal([true, false], _observer.Seen.Select(static s => s.IsOpportunity));
        Assert.Equal(11UL, _observer.Seen[1].Slot);
    }

    [Fact]
    public async Task WriteAsync_without_a_model_keeps_features_warm_and_says_nothing()
    {
        var sink = Sink();
        await Write(sink, Stream());

        Assert.Empty(_appender.Frames);
        Assert.Empty(_observer.Seen);
        Assert.Equal((0, 2), (sink.Scored, sink.Observed));

        // The transactions were seen before the model came: they are not scored as new ones later.
        sink.Use(ScoringModel.FromArtifact(Artifacts.Create()));
        await Write(sink, Stream());
        Assert.Equal(0, sink.Scored);

        sink.Use(null);
        Assert.Null(sink.Model);
    }

    [Fact]
    public async Task WriteAsync_full_lane_drops_and_counts_scores()
    {
        _appender.IsFull = true;
        var sink = Sink();
        sink.Use(ScoringModel.FromArtifact(Artifacts.Create()));

        await Write(sink, Stream());

        Assert.Equal((2, 2), (sink.Scored, sink.DroppedScores));
    }

    [Fact]
    public async Task WriteAsync_batch_of_more_scores_than_a_group_holds_becomes_two_records()
    {
        const int count = 65_600;
        var stream = new RecordStream();
        for (var i = 0; i < count; i++)
        {
            stream.Add(Make.Transaction((ulong)i + 1, 10));
        }

        var sink = Sink();
        sink.Use(ScoringModel.FromArtifact(Artifacts.Create()));
        await Write(sink, stream);

        Assert.Equal(count, sink.Scored);
        Assert.Equal([65_535, 65], _appender.Frames.Select(static frame =>
        {
            var view = new RecordView(Lsn.None, frame);
            return PredictionView.TryRead(in view, out var prediction) ? prediction.Scores.Length : -1;
        }));
    }

    [Fact]
    public void Use_model_of_another_schema_is_refused_and_names_both_hashes()
    {
        var other = new FeatureSchema(Artifacts.Schema.Columns.Select(static c => c with { Version = c.Version + 1 }));
        var sink = Sink();

        var error = Assert.Throws<InvalidOperationException>(() => sink.Use(new ScoringModel("v9", other, Artifacts.Create().Model, 0.5)));

        Assert.Contains(other.HashText, error.Message, StringComparison.Ordinal);
        Assert.Contains(sink.Schema.HashText, error.Message, StringComparison.Ordinal);
        Assert.Null(sink.Model);
    }

    private static async Task Write(ScoringSink sink, RecordStream stream)
    {
        var batch = stream.AsBatch();
        await sink.WriteAsync(batch, TestContext.Current.CancellationToken);
        batch.Release();
    }

    private static RecordStream Stream() => new RecordStream()
        .Add(Make.Transaction(1, 10), Make.Swap(1, Make.WrappedSol, 100, Make.Key(5), 10))
        .Add(new BlockRecord { Slot = 10 })
        .Add(Make.Transaction(1, 11))
        .Add(Make.Transaction(2, 11));

    private ScoringSink Sink() => new(
        new FeatureEngine(new FeatureEngineOptions { MaxPools = 64, MaxTokens = 64, SightingWindow = 100_000 }), _appender, new FixedTime(), [_observer]);

    private sealed class Observer : IScoreObserver
    {
        public List<ScoredTransaction> Seen { get; } = [];

        public void OnScored(in ScoredTransaction scored) => Seen.Add(scored);
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddSeconds(1);
    }
}
