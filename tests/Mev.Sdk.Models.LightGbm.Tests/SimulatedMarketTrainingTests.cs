using System.Buffers;
using Mev.Sdk.Features.Sets;
using Mev.Sdk.Models.Evaluation;
using Mev.Sdk.Models.Inference;
using Mev.Sdk.Models.Training;
using Mev.Sdk.Simulation;

namespace Mev.Sdk.Models.LightGbm.Tests;

/// <summary>From a simulated market's frames to a model, judged on later rows only.</summary>
public sealed class SimulatedMarketTrainingTests(ITestOutputHelper output)
{
    private const int Slots = 600;

    [NativeFact]
    public async Task RunAsync_model_beats_the_baseline_on_later_rows_and_carries_its_provenance()
    {
        var stages = new List<TrainingStage>();
        var pipeline = new ModelTrainingPipeline(new LightGbmTrainer(), TimeProvider.System);
        var result = await pipeline.RunAsync(
            FrameReplay.ReadAsync(Market(seed: 7), TestContext.Current.CancellationToken),
            new TrainingSource("a simulated market, seed 7", IsSimulated: true),
            new ListProgress(stages),
            TestContext.Current.CancellationToken);

        var manifest = result.Artifact.Manifest;
        output.WriteLine($"rows {result.Set.Count}, positives {result.Set.Positives}, open {result.Set.OpenAtEnd}, votes {result.Set.VotesSkipped}, unmatched {result.Set.UnmatchedOpportunities}, purged {manifest.PurgedRows}");
        output.WriteLine($"{manifest.Version}: {manifest.Iterations} trees in {result.Report.Elapsed}, threshold {manifest.Threshold}");
        output.WriteLine($"train      {manifest.Train.Evaluation}");
        output.WriteLine($"validation {manifest.Validation.Evaluation}");
        output.WriteLine($"test       {manifest.Test.Evaluation} {manifest.Test.Evaluation.Confusion}");
        output.WriteLine($"test swaps {manifest.Test.SwapsOnly}");

        var test = manifest.Test.SwapsOnly!;
        Assert.True(test.RocAuc > 0.8, $"AUC {test.RocAuc}");
        Assert.True(test.LogLoss < test.BaselineLogLoss);
        Assert.True(test.PrAuc > 2 * test.BaseRate);
        Assert.True(manifest.Train.LastSlot + 8 < manifest.Validation.FirstSlot);
        Assert.True(manifest.Validation.LastSlot + 8 < manifest.Test.FirstSlot);
        Assert.True(manifest.IsSimulated);
        Assert.Equal(
            [TrainingStage.Replaying, TrainingStage.Fitting, TrainingStage.Evaluating, TrainingStage.Done], stages.Distinct());

        // The threshold is the validation rows' choice.
        var scores = new float[result.Split.Validation.Count];
        var set = result.Set;
        result.Artifact.Model.Predict(set.Features.Span.Slice(result.Split.Validation.First * set.Schema.Count, scores.Length * set.Schema.Count), scores);
        Assert.Equal(ThresholdSelector.BestF1(scores, set.Labels.Span.Slice(result.Split.Validation.First, scores.Length)), manifest.Threshold);
        AssertAgreesWithLightGbm(result);
    }

    [NativeFact]
    public async Task RunAsync_shuffled_labels_teach_nothing()
    {
        var set = await new TrainingSetBuilder().BuildAsync(
            FrameReplay.ReadAsync(Market(seed: 8), TestContext.Current.CancellationToken), cancellationToken: TestContext.Current.CancellationToken);
        var split = TimeOrderedSplit.Create(set);
        var labels = set.Labels.ToArray();
        new Random(3).Shuffle(labels);
        TrainingRows Rows(RowRange range) => new(
            set.Features.Slice(range.First * set.Schema.Count, range.Count * set.Schema.Count), labels.AsMemory(range.First, range.Count));

        var report = await new LightGbmTrainer().TrainAsync(
            new TrainingRequest(set.Schema, Rows(split.Train), Rows(split.Validation)), cancellationToken: TestContext.Current.CancellationToken);
        var test = Rows(split.Test);
        var scores = new float[test.Count];
        TreeEnsemble.Parse(report.ModelText).Predict(test.Features.Span, scores);
        var auc = BinaryEvaluation.Compute(scores, test.Labels.Span, 0.5, 0.5).RocAuc!.Value;
        output.WriteLine($"AUC {auc} over {test.Count} rows, {test.CountPositives()} positive, {report.BestIteration} trees");

        // Three standard errors of an AUC without skill: sqrt((p + n + 1) / (12 p n)) each.
        double p = test.CountPositives(), n = test.Count - p;
        var margin = 3 * Math.Sqrt((p + n + 1) / (12 * p * n));
        Assert.InRange(auc, 0.5 - margin, 0.5 + margin);
    }

    [NativeFact]
    public async Task RunAsync_too_short_a_history_is_refused_with_what_to_do()
    {
        var pipeline = new ModelTrainingPipeline(new LightGbmTrainer(), TimeProvider.System);
        var error = await Assert.ThrowsAsync<ArgumentException>(() => pipeline.RunAsync(
            FrameReplay.ReadAsync(Market(seed: 7).Take(12), TestContext.Current.CancellationToken),
            new TrainingSource("too little", IsSimulated: true),
            cancellationToken: TestContext.Current.CancellationToken));

        Assert.Contains("Replay a longer history", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Market(ulong seed)
    {
        using var market = new SimulatedMarket(new MarketOptions { Seed = seed });
        var frames = new ArrayBufferWriter<byte>();
        for (var slot = 0; slot < Slots; slot++)
        {
            frames.ResetWrittenCount();
            market.WriteSlot(frames);
            yield return frames.WrittenMemory;
        }
    }

    private static void AssertAgreesWithLightGbm(ModelTrainingResult result)
    {
        using var reference = LightGbmPredictor.Load(result.Artifact.ModelText);
        var expected = new float[result.Set.Count];
        var actual = new float[result.Set.Count];
        reference.Predict(result.Set.Features.Span, expected);
        result.Artifact.Model.Predict(result.Set.Features.Span, actual);
        Assert.True(expected.Zip(actual, static (a, b) => Math.Abs(a - b)).Max() <= 1e-6f);
    }

    private sealed class ListProgress(List<TrainingStage> stages) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => stages.Add(value.Stage);
    }
}
