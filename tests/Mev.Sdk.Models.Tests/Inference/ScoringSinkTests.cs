using System.Text;
using Mev.Sdk.Features;
using Mev.Sdk.Features.Sets;
using Mev.Sdk.Features.Tests;
using Mev.Sdk.Models.Inference;
using Mev.Sdk.Records;
using Mev.Sdk.TestKit;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Models.Tests.Inference;

public sealed class ScoringSinkTests
{
    private static readonly float Low = (float)(1 / (1 + Math.Exp(2)));
    private static readonly float High = (float)(1 / (1 + Math.Exp(-2)));
    // The column that Artifacts' model splits on.
    private const int SwapCount = 3;
    private static readonly FeatureEngineOptions Small = new() { MaxPools = 64, MaxTokens = 64, SightingWindow = 100_000 };
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
    public async Task WriteAsync_votes_are_observed_and_not_scored()
    {
        var sink = Sink();
        sink.Use(ScoringModel.FromArtifact(Artifacts.Create()));

        await Write(sink, new RecordStream()
            .Add(Make.Transaction(1, 10, TransactionFlags.HasMeta | TransactionFlags.Vote))
            .Add(Make.Transaction(2, 10))
            .Add(Make.Transaction(3, 10, TransactionFlags.Vote)));

        Assert.Equal((1, 3), (sink.Scored, sink.Observed));
        Assert.Equal(Make.Signature(2), Assert.Single(_observer.Seen).Signature);
        var view = new RecordView(Lsn.None, Assert.Single(_appender.Frames));
        Assert.True(PredictionView.TryRead(in view, out var prediction));
        Assert.Equal(1, prediction.Scores.Length);
        Assert.Equal(Lsn.Create(1, 2).Value, prediction.Scores[0].TransactionLsn);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WriteAsync_scores_exactly_the_rows_a_training_set_has(bool includeVotes)
    {
        var options = new TrainingSetOptions { IncludeVotes = includeVotes };
        var stream = RandomMarket.Create(11, 2_000).Add(new SlotRecord { Slot = 1_000_000 });
        var set = await new TrainingSetBuilder(options, Small).BuildAsync(stream.BatchesAsync(() => 50), cancellationToken: TestContext.Current.CancellationToken);
        var sink = new ScoringSink(new FeatureEngine(Small), _appender, new FixedTime(), [_observer], new RowFilter(options));
        sink.Use(ScoringModel.FromArtifact(Artifacts.Create()));

        await Write(sink, stream);

        Assert.Equal(Enumerable.Range(0, set.Count).Select(set.LsnAt), _observer.Seen.Select(static s => s.Lsn));
        Assert.Equal(includeVotes, sink.Scored == sink.Observed);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public async Task WriteAsync_score_that_is_no_number_is_counted_and_goes_nowhere(float broken)
    {
        var sink = Sink();
        var predictor = new FakePredictor(row => row[SwapCount] > 0 ? broken : 0.25f);
        sink.Use(new ScoringModel("broken", Artifacts.Schema, predictor, 0.5));

        await Write(sink, Stream());

        Assert.Equal((1, 2, 1, 0), (sink.Scored, sink.Observed, sink.FailedScores, sink.DroppedScores));
        Assert.Equal(Make.Signature(2), Assert.Single(_observer.Seen).Signature);
        var view = new RecordView(Lsn.None, Assert.Single(_appender.Frames));
        Assert.True(PredictionView.TryRead(in view, out var prediction));
        Assert.Equal(1, prediction.Scores.Length);
        Assert.Equal(0.25f, prediction.Scores[0].Score);
    }

    [Fact]
    public async Task WriteAsync_no_score_is_a_number_writes_no_record()
    {
        var sink = Sink();
        sink.Use(new ScoringModel("broken", Artifacts.Schema, new FakePredictor(static _ => float.NaN), 0.5));

        await Write(sink, Stream());

        Assert.Equal((0, 2), (sink.Scored, sink.FailedScores));
        Assert.Empty(_appender.Frames);
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
        new FeatureEngine(Small), _appender, new FixedTime(), [_observer]);

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
