using Mev.Sdk.Features;
using Mev.Sdk.Features.Sets;
using Mev.Sdk.Models.Training;
using Mev.Sdk.Records;
using Mev.Sdk.TestKit;

namespace Mev.Sdk.Models.Tests.Training;

public sealed class ModelTrainingPipelineTests
{
    private static readonly FeatureEngineOptions Small = new() { MaxPools = 64, MaxTokens = 64, SightingWindow = 10_000 };

    [Fact]
    public async Task RunAsync_trainer_sees_the_earlier_rows_only_and_the_artifact_says_so()
    {
        var trainer = new RecordingTrainer();
        var options = new ModelTrainingOptions { TrainShare = 0.5, ValidationShare = 0.25, Set = new TrainingSetOptions { LabelWindowSlots = 4 } };
        var pipeline = new ModelTrainingPipeline(trainer, new FixedTime(), options, Small);
        var result = await pipeline.RunAsync(
            Stream(2_000).BatchesAsync(() => 50), new TrainingSource("made up", IsSimulated: false), cancellationToken: TestContext.Current.CancellationToken);

        var manifest = result.Artifact.Manifest;
        Assert.Equal(result.Split.Train.Count, trainer.Request!.Train.Count);
        Assert.Equal(result.Split.Validation.Count, trainer.Request.Validation.Count);
        Assert.Equal(result.Set.RowAt(0).ToArray(), trainer.Request.Train.Features.Span[..result.Set.Schema.Count].ToArray());
        Assert.True(manifest.Train.LastLsn < manifest.Validation.FirstLsn);
        Assert.True(manifest.Validation.LastLsn < manifest.Test.FirstLsn);
        Assert.Equal(result.Split.Purged, manifest.PurgedRows);
        Assert.Equal(("made up", false, "by hand"), (manifest.TrainedOn, manifest.IsSimulated, manifest.Trainer));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), manifest.CreatedAt);
        Assert.StartsWith("20260102T030405Z-", manifest.Version, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_rule_that_holds_is_found_perfect_and_the_baseline_is_the_training_rows_base_rate()
    {
        var pipeline = new ModelTrainingPipeline(new RecordingTrainer(), new FixedTime(), features: Small);
        var result = await pipeline.RunAsync(
            Stream(2_000).BatchesAsync(() => 50), new TrainingSource("made up", IsSimulated: false), cancellationToken: TestContext.Current.CancellationToken);

        // The stream names exactly the swaps as triggers, and the model by hand says yes to exactly the swaps.
        var test = result.Artifact.Manifest.Test;
        Assert.Equal(1, test.Evaluation.RocAuc);
        Assert.Equal(1, test.Evaluation.Confusion.F1);
        Assert.Equal(result.Artifact.Manifest.Train.Evaluation.BaseRate, test.Evaluation.BaselineProbability);
        Assert.Null(test.SwapsOnly!.RocAuc);
        Assert.Equal(test.Evaluation.Positives, test.SwapsOnly.Count);
        Assert.InRange(result.Artifact.Manifest.Threshold, 0.5, 1);
    }

    [Theory]
    [InlineData(0, 0.2)]
    [InlineData(0.6, 0)]
    [InlineData(0.8, 0.2)]
    [InlineData(double.NaN, 0.2)]
    public void Constructor_shares_that_leave_a_part_empty_name_their_keys(double train, double validation)
    {
        var error = Assert.Throws<ArgumentException>(() => new ModelTrainingPipeline(
            new RecordingTrainer(), new FixedTime(), new ModelTrainingOptions { TrainShare = train, ValidationShare = validation }));

        Assert.Contains("Mev:Models:TrainShare is ", error.Message, StringComparison.Ordinal);
        Assert.Contains("Mev:Models:ValidationShare is ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_set_option_out_of_range_names_its_key()
    {
        var options = new ModelTrainingOptions { Set = new TrainingSetOptions { LabelWindowSlots = 0 } };
        var pipeline = new ModelTrainingPipeline(new RecordingTrainer(), new FixedTime(), options, Small);

        var error = await Assert.ThrowsAsync<ArgumentException>(() => pipeline.RunAsync(
            Stream(10).BatchesAsync(() => 50), new TrainingSource("made up", IsSimulated: false), cancellationToken: TestContext.Current.CancellationToken));

        Assert.Contains("Mev:Models:Set:LabelWindowSlots is 0", error.Message, StringComparison.Ordinal);
    }

    private static RecordStream Stream(int transactions)
    {
        var stream = new RecordStream();
        for (var i = 0; i < transactions; i++)
        {
            var number = (ulong)i + 1;
            var slot = 100 + (number / 4);
            if (i % 3 == 0)
            {
                stream.Add(Make.Transaction(number, slot), Make.Swap(1, Make.WrappedSol, 100 + number, Make.Key(5), 10))
                    .Add(new OpportunityRecord { TriggerSignature = Make.Signature(number), Slot = slot });
            }
            else
            {
                stream.Add(Make.Transaction(number, slot));
            }
        }

        return stream.Add(new SlotRecord { Slot = 1_000_000 });
    }

    private sealed class RecordingTrainer : IModelTrainer
    {
        public TrainingRequest? Request { get; private set; }

        public Task<TrainingReport> TrainAsync(
            TrainingRequest request, IProgress<TrainingIteration>? progress = null, CancellationToken cancellationToken = default)
        {
            Request = request;
            return Task.FromResult(new TrainingReport("by hand", Artifacts.ModelText, 1, [], StoppedEarly: false, TimeSpan.Zero, "none"));
        }
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    }
}
