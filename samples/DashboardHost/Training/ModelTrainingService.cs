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
/// <remarks>
/// Starts when the host is up and works beside it on one thread; whatever goes wrong here disables scoring and nothing else. A saved model that was
/// made of a simulated stretch serves only until the history suffices: it scores while its successor is trained on what this host really saw.
/// </remarks>
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
    private const string StretchPrefix = "A simulated stretch";
    private static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(500);
    private readonly TrainingHostOptions _options = options.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            var folder = new ModelFolder(directory.GetPath("models"));
            var loaded = TryLoad(folder);
            if (loaded is not null)
            {
                // Loaded before the first record as a rule; what came earlier is scored now.
                await backfill.RunAsync(stoppingToken);
            }

            if (!CanTrain(isModelLoaded: loaded is not null))
            {
                return;
            }

            await Task.Delay(HeadStart, time, stoppingToken);
            var result = loaded is null ? await TrainOnHistoryAsync(stoppingToken) ?? await TrainOnStretchAsync(stoppingToken)
                : IsOwnHistory(loaded) ? null
                : await TrainOnHistoryAsync(stoppingToken);
            if (result is null)
            {
                return;
            }

            folder.Save(result.Artifact);
            Deploy(result.Artifact, "Trained just now");
            if (loaded is null)
            {
                await backfill.RunAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host goes down; the next start begins anew.
        }
        catch (Exception exception)
        {
            if (status.Read().State != ModelPhase.Ready)
            {
                status.Set(ModelPhase.Failed, exception.Message);
            }

            logger.LogError(exception, "No new model could be made; the host goes on with the one it has, if any");
        }
    }

    // The provenance text is what an artifact says of its rows; this prefix is what TrainOnStretchAsync writes.
    private static bool IsOwnHistory(ModelArtifact artifact) => !artifact.Manifest.TrainedOn.StartsWith(StretchPrefix, StringComparison.Ordinal);

    private bool CanTrain(bool isModelLoaded)
    {
        if (!_options.Enabled)
        {
            if (!isModelLoaded)
            {
                status.Set(ModelPhase.Disabled, "Mev:Training:Enabled is false, and no model is saved.");
            }

            return false;
        }

        if (LightGbmTrainer.CheckAvailable(out var reason))
        {
            return true;
        }

        if (!isModelLoaded)
        {
            status.Set(ModelPhase.Disabled, reason);
        }

        logger.LogWarning("Training is disabled: {Reason}", reason);
        return false;
    }

    private ModelArtifact? TryLoad(ModelFolder folder)
    {
        try
        {
            if (folder.LoadLatest() is not { } artifact)
            {
                return null;
            }

            if (artifact.Schema.Hash != scoring.Schema.Hash)
            {
                logger.LogInformation("The saved model {Version} is of another feature schema; a new one is trained", artifact.Version);
                return null;
            }

            Deploy(artifact, "Loaded from the data directory");
            return artifact;
        }
        catch (ModelArtifactException exception)
        {
            logger.LogWarning(exception, "The saved model is damaged; a new one is trained");
            return null;
        }
    }

    // Null when the history does not suffice.
    private async Task<ModelTrainingResult?> TrainOnHistoryAsync(CancellationToken cancellationToken)
    {
        if (journal.Statistics.Records < _options.MinimumHistoryRows)
        {
            return null;
        }

        Say("Training: replaying the journal's history");
        var builder = new TrainingSetBuilder(training.Value.Set, features.Value);
        var set = await builder.BuildAsync(journal.ReadAsync(Lsn.None, follow: false, cancellationToken), null, cancellationToken);
        if (set.Count < _options.MinimumHistoryRows || set.Positives < _options.MinimumHistoryPositives)
        {
            logger.LogInformation(
                "The history holds {Rows} labelled transactions, {Positives} of them positive; training on it takes {MinimumRows} and {MinimumPositives}",
                set.Count, set.Positives, _options.MinimumHistoryRows, _options.MinimumHistoryPositives);
            return null;
        }

        var simulated = directory.Kind == DataKind.Simulated;
        var source = new TrainingSource(
            $"{PanelComposer.Count(set.Count)} transactions of this host's own history{(simulated ? " (simulated)" : "")}", simulated);
        try
        {
            var result = await pipeline.RunAsync(set, source, new Progress(this), cancellationToken);
            await samples.WriteAsync(set, result.Artifact.Version, time.GetUtcNow(), cancellationToken: cancellationToken);
            return result;
        }
        catch (ArgumentException exception)
        {
            // Enough rows, but of too few slots to be split in time, or of one class in some part.
            logger.LogInformation("The history does not suffice yet: {Reason}", exception.Message);
            return null;
        }
    }

    private async Task<ModelTrainingResult> TrainOnStretchAsync(CancellationToken cancellationToken)
    {
        Say("Training: making a stretch of simulated market");
        var stretch = await Task.Factory.StartNew(
            () => SimulatedStretch.Build(_options.SimulatedSlots, training.Value.Set, features.Value, Report, cancellationToken),
            cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return await pipeline.RunAsync(
            stretch, new TrainingSource($"{StretchPrefix} of {PanelComposer.Count(stretch.Count)} transactions, not stored", IsSimulated: true), new Progress(this), cancellationToken);
    }

    private void Report(int slots)
    {
        if (slots % 50 == 0)
        {
            Say(string.Create(CultureInfo.InvariantCulture, $"Training: simulated slot {slots:#,0} of {_options.SimulatedSlots:#,0}"));
        }
    }

    // While a model serves, its panel stays: a successor in training takes nothing away.
    private void Say(string text)
    {
        if (status.Read().State != ModelPhase.Ready)
        {
            status.Set(ModelPhase.Training, text);
        }
    }

    private void Deploy(ModelArtifact artifact, string how)
    {
        backfill.Deploy(ScoringModel.FromArtifact(artifact));
        var manifest = artifact.Manifest;

        // Telling swaps from transfers is no skill, so the figures are those over swaps where there are any.
        var test = manifest.Test.SwapsOnly ?? manifest.Test.Evaluation;
        var rows = manifest.Test.SwapsOnly is null ? "later rows" : "later swaps";
        var counts = test.Confusion;
        status.SetReady(
            string.Create(CultureInfo.InvariantCulture, $"{how}, {manifest.Iterations} trees, threshold {manifest.Threshold:0.000}"),
            manifest.Version,
            manifest.TrainedOn,
            [
                new ModelMetric("ROC AUC", Figure(test.RocAuc), "0.5 is chance"),
                new ModelMetric("PR AUC", Figure(test.PrAuc), $"base rate {Figure(test.BaseRate)}"),
                new ModelMetric("Precision", Figure(counts.Precision), $"recall {Figure(counts.Recall)}"),
                new ModelMetric("Held out", PanelComposer.Count(test.Count), string.Create(CultureInfo.InvariantCulture, $"{rows}, {test.Positives:#,0} positive")),
            ]);
        logger.LogInformation("Model {Version} scores from now on; trained on: {TrainedOn}", manifest.Version, manifest.TrainedOn);
    }

    private static string Figure(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "n/a";

    private sealed class Progress(ModelTrainingService owner) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Iteration is { } iteration && iteration.Iteration % 10 == 0)
            {
                owner.Say(string.Create(
                    CultureInfo.InvariantCulture, $"Training: iteration {iteration.Iteration}, validation log loss {iteration.ValidationLogLoss:0.0000}"));
            }
        }
    }
}
