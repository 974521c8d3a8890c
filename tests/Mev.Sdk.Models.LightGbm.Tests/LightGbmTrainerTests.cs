using Mev.Sdk.Models.Inference;
using Mev.Sdk.Models.LightGbm.Internal;
using Mev.Sdk.Models.Training;
using Microsoft.Extensions.DependencyInjection;

namespace Mev.Sdk.Models.LightGbm.Tests;

public sealed class LightGbmTrainerTests
{
    private static readonly TrainingRequest Request = new(SyntheticRows.Schema, SyntheticRows.Create(1, 3_000), SyntheticRows.Create(2, 1_000));

    [NativeFact]
    public async Task TrainAsync_losses_fall_and_the_model_is_cut_at_the_best_iteration()
    {
        var seen = new List<TrainingIteration>();
        var report = await new LightGbmTrainer(new LightGbmOptions { LearningRate = 0.3, EarlyStoppingRounds = 5 })
            .TrainAsync(Request, new ListProgress(seen), TestContext.Current.CancellationToken);

        Assert.Equal(report.Curve, seen);
        Assert.Equal(Enumerable.Range(1, seen.Count), seen.Select(static i => i.Iteration));
        Assert.True(report.StoppedEarly);
        Assert.Equal(report.BestIteration + 5, report.Curve.Count);
        Assert.Equal(report.Curve.MinBy(static i => i.ValidationLogLoss).Iteration, report.BestIteration);
        Assert.True(report.Curve[^1].TrainLogLoss < report.Curve[0].TrainLogLoss);
        var model = TreeEnsemble.Parse(report.ModelText);
        Assert.Equal(report.BestIteration, model.TreeCount);
        Assert.Equal(SyntheticRows.Schema.Columns.Select(static c => c.Name), model.FeatureNames);
        Assert.Contains("num_threads=1", report.Parameters, StringComparison.Ordinal);
    }

    [NativeFact]
    public async Task TrainAsync_reported_validation_loss_is_the_managed_scorers()
    {
        var report = await new LightGbmTrainer(new LightGbmOptions { MaxIterations = 20 }).TrainAsync(Request, cancellationToken: TestContext.Current.CancellationToken);
        var scores = new float[Request.Validation.Count];
        TreeEnsemble.Parse(report.ModelText).Predict(Request.Validation.Features.Span, scores);
        var evaluation = Evaluation.BinaryEvaluation.Compute(scores, Request.Validation.Labels.Span, 0.5, 0.5);

        Assert.Equal(report.Curve[report.BestIteration - 1].ValidationLogLoss, evaluation.LogLoss!.Value, 5);
    }

    [NativeFact]
    public async Task TrainAsync_same_seed_gives_the_same_text_and_losses()
    {
        async Task<TrainingReport> Train() => await new LightGbmTrainer(new LightGbmOptions { MaxIterations = 30 })
            .TrainAsync(Request, cancellationToken: TestContext.Current.CancellationToken);
        var first = await Train();
        var second = await Train();

        Assert.Equal(first.ModelText, second.ModelText);
        Assert.Equal(first.Curve, second.Curve);
    }

    [NativeFact]
    public async Task TrainAsync_cancelled_training_ends()
    {
        using var cancel = new CancellationTokenSource();
        var training = new LightGbmTrainer(new LightGbmOptions { MaxIterations = 10_000, EarlyStoppingRounds = 10_000 })
            .TrainAsync(Request, new CancelAt(3, cancel), cancel.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => training);
    }

    [NativeFact]
    public async Task TrainAsync_rows_that_teach_nothing_are_refused_with_the_reason()
    {
        var none = Request with { Train = new TrainingRows(default, default) };
        var error = await Assert.ThrowsAsync<ArgumentException>(() => new LightGbmTrainer().TrainAsync(none, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Contains("no training rows", error.Message, StringComparison.Ordinal);
    }

    [NativeFact]
    public async Task TrainAsync_name_lightgbm_does_not_take_is_reported_in_its_words()
    {
        var schema = new FeatureSchema(SyntheticRows.Schema.Columns.Select(static (c, i) => c with { Name = $"a{{\"{i}" }));
        var error = await Assert.ThrowsAsync<LightGbmException>(
            () => new LightGbmTrainer().TrainAsync(Request with { Schema = schema }, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Contains("naming features", error.Message, StringComparison.Ordinal);
    }

    [NativeFact]
    public void Load_text_that_is_no_model_is_reported_in_its_words() => Assert.Contains(
        "loading a model", Assert.Throws<LightGbmException>(() => LightGbmPredictor.Load("no model")).Message, StringComparison.Ordinal);

    [Fact]
    public void Explain_missing_openmp_names_the_package()
    {
        var reason = NativeLoader.Explain("libgomp.so.1: cannot open shared object file: No such file or directory");

        Assert.Contains("apt-get install libgomp1", reason, StringComparison.Ordinal);
        Assert.Contains("everything else runs", reason, StringComparison.Ordinal);
        Assert.Contains("brew install libomp", NativeLoader.Explain("Library not loaded: libomp.dylib"), StringComparison.Ordinal);
        Assert.Contains("linux-x64", NativeLoader.Explain("no such file"), StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_options_out_of_range_are_all_named()
    {
        var error = Assert.Throws<ArgumentException>(() => new LightGbmTrainer(new LightGbmOptions { Leaves = 1, LearningRate = double.NaN, Threads = 0 }));

        Assert.Contains("Mev:LightGbm:Leaves is 1: choose 2 to 4096", error.Message, StringComparison.Ordinal);
        Assert.Contains("Mev:LightGbm:LearningRate is NaN: choose above 0 to 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("Mev:LightGbm:Threads", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddLightGbm_is_the_trainer_of_the_pipeline()
    {
        var services = new ServiceCollection();
        services.AddMevSdk().AddModels().AddLightGbm(static o => o.Leaves = 15).AddLightGbm();
        using var provider = services.BuildServiceProvider();

        Assert.IsType<LightGbmTrainer>(provider.GetRequiredService<IModelTrainer>());
        Assert.NotNull(provider.GetRequiredService<ModelTrainingPipeline>());
    }

    private sealed class ListProgress(List<TrainingIteration> seen) : IProgress<TrainingIteration>
    {
        public void Report(TrainingIteration value) => seen.Add(value);
    }

    private sealed class CancelAt(int iteration, CancellationTokenSource cancel) : IProgress<TrainingIteration>
    {
        public void Report(TrainingIteration value)
        {
            if (value.Iteration == iteration)
            {
                cancel.Cancel();
            }
        }
    }
}
