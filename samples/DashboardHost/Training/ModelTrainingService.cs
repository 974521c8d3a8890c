using System.Globalization;
using Mev.Sdk.DashboardHost.Engine;
using Mev.Sdk.DashboardHost.Live;
using Mev.Sdk.Features;
using Mev.Sdk.Features.Sets;
using Mev.Sdk.Models;
using Mev.Sdk.Models.Inference;
using Mev.Sdk.Models.LightGbm;
using Mev.Sdk.Models.Training;
using Mev.Sdk.Storage;
using Mev.Sdk.Storage.Journal;
using Microsoft.Extensions.Options;

namespace Mev.Sdk.DashboardHost.Training;

/// <summary>Finds the host a model: the one saved last, else one trained on the journal's history, else one trained on a simulated stretch.</summary>
/// <remarks>Starts when the host is up and works beside it on one thread; whatever goes wrong here disables scoring and nothing else.</remarks>
internal sealed class ModelTrainingService(
    ModelStatus status,
    ScoringSink scoring,
    ModelTrainingPipeline pipeline,
    Backfill backfill,
    RecordJournal journal,
    DataDirectory directory,
    ITrainingSampleStore samples,
    IOptions<TrainingHostOptions> options,
    IOptions<ModelTrainingOptions> training,
    IOptions<FeatureEngineOptions> features,
    TimeProvider time,
    ILogger<ModelTrainingService> logger) : BackgroundService
{
    private static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(500);
    private readonly TrainingHostOptions _options = options.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            var folder = new ModelFolder(directory.GetPath("models"));
            if (TryLoad(folder))
            {
                // Loaded before the first record as a rule; what came earlier is scored now.
                await backfill.RunAsync(stoppingToken);
                return;
            }

            if (!_options.Enabled)
            {
                status.Set(ModelPhase.Disabled, "Mev:Training:Enabled is false, and no model is saved.");
                return;
            }

            if (!LightGbmTrainer.CheckAvailable(out var reason))
            {
                status.Set(ModelPhase.Disabled, reason);
                logger.LogWarning("Training is disabled: {Reason}", reason);
                return;
            }

            await Task.Delay(HeadStart, time, stoppingToken);
            var result = await TrainAsync(stoppingToken);
            folder.Save(result.Artifact);
            Deploy(result.Artifact, "Trained just now");
            await backfill.RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host goes down; the next start begins anew.
        }
        catch (Exception exception)
        {
            status.Set(ModelPhase.Failed, exception.Message);
            logger.LogError(exception, "No model could be made; the host goes on without scores");
        }
    }

    private bool TryLoad(ModelFolder folder)
    {
        try
        {
            if (folder.LoadLatest() is not { } artifact)
            {
                return false;
            }

            if (artifact.Schema.Hash != scoring.Schema.Hash)
            {
                logger.LogInformation("The saved model {Version} is of another feature schema; a new one is trained", artifact.Version);
                return false;
            }

            Deploy(artifact, "Loaded from the data directory");
            return true;
        }
        catch (ModelArtifactException exception)
        {
            logger.LogWarning(exception, "The saved model is damaged; a new one is trained");
            return false;
        }
    }

    private async Task<ModelTrainingResult> TrainAsync(CancellationToken cancellationToken)
    {
        var progress = new Progress(status);
        if (journal.Statistics.Records >= _options.MinimumHistoryRows)
        {
            status.Set(ModelPhase.Training, "Training: replaying the journal's history");
            var builder = new TrainingSetBuilder(training.Value.Set, features.Value);
            var set = await builder.BuildAsync(journal.ReadAsync(Lsn.None, follow: false, cancellationToken), null, cancellationToken);
            if (set.Count >= _options.MinimumHistoryRows && set.Positives >= _options.MinimumHistoryPositives)
            {
                var simulated = directory.Kind == DataKind.Simulated;
                var source = new TrainingSource(
                    $"{PanelComposer.Count(set.Count)} transactions of this host's own history{(simulated ? " (simulated)" : "")}", simulated);
                var result = await pipeline.RunAsync(set, source, progress, cancellationToken);
                await samples.WriteAsync(set, result.Artifact.Version, time.GetUtcNow(), cancellationToken: cancellationToken);
                return result;
            }
        }

        status.Set(ModelPhase.Training, "Training: making a stretch of simulated market");
        var stretch = await Task.Factory.StartNew(
            () => SimulatedStretch.Build(_options.SimulatedSlots, training.Value.Set, features.Value, Report, cancellationToken),
            cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return await pipeline.RunAsync(
            stretch, new TrainingSource($"A simulated stretch of {PanelComposer.Count(stretch.Count)} transactions, not stored", IsSimulated: true), progress, cancellationToken);
    }

    private void Report(int slots)
    {
        if (slots % 50 == 0)
        {
            status.Set(ModelPhase.Training, string.Create(CultureInfo.InvariantCulture, $"Training: simulated slot {slots:#,0} of {_options.SimulatedSlots:#,0}"));
        }
    }

    private void Deploy(ModelArtifact artifact, string how)
    {
        backfill.Deploy(ScoringModel.FromArtifact(artifact));
        var manifest = artifact.Manifest;
        var test = manifest.Test.Evaluation;
        var counts = test.Confusion;
        status.SetReady(
            string.Create(CultureInfo.InvariantCulture, $"{how}, {manifest.Iterations} trees, threshold {manifest.Threshold:0.000}"),
            manifest.Version,
            manifest.TrainedOn,
            [
                new ModelMetric("ROC AUC", Figure(test.RocAuc), "0.5 is chance"),
                new ModelMetric("PR AUC", Figure(test.PrAuc), $"base rate {Figure(test.BaseRate)}"),
                new ModelMetric("Precision", Figure(counts.Precision), $"recall {Figure(counts.Recall)}"),
                new ModelMetric("Held out", PanelComposer.Count(test.Count), string.Create(CultureInfo.InvariantCulture, $"later, {test.Positives:#,0} positive")),
            ]);
        logger.LogInformation("Model {Version} scores from now on; trained on: {TrainedOn}", manifest.Version, manifest.TrainedOn);
    }

    private static string Figure(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "n/a";

    private sealed class Progress(ModelStatus status) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Iteration is { } iteration && iteration.Iteration % 10 == 0)
            {
                status.Set(ModelPhase.Training, string.Create(
                    CultureInfo.InvariantCulture, $"Training: iteration {iteration.Iteration}, validation log loss {iteration.ValidationLogLoss:0.0000}"));
            }
        }
    }
}
