using Mev.Sdk.Features;
using Mev.Sdk.Features.Sets;
using Mev.Sdk.Models.Evaluation;
using Mev.Sdk.Models.Inference;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Models.Training;

/// <summary>From records to a model that may be believed: replay, label, split by time, fit, choose the threshold, measure, pack.</summary>
/// <remarks>
/// The model sees the training rows; the validation rows stop it and choose the threshold; the test rows, all later, are scored once, by
/// the managed scorer that will run live. Thread-safe: every run has its own state.
/// </remarks>
public sealed class ModelTrainingPipeline
{
    private readonly IModelTrainer _trainer;
    private readonly TimeProvider _time;
    private readonly TrainingSetOptions _set;
    private readonly FeatureEngineOptions? _features;
    private readonly double _trainShare;
    private readonly double _validationShare;

    /// <summary>Makes a pipeline.</summary>
    /// <param name="trainer">What fits.</param>
    /// <param name="time">The clock that dates artifacts.</param>
    /// <param name="options">How models are made; null = the defaults. Copied.</param>
    /// <param name="features">Bounds of the feature engine: those of the live engine; null = the defaults.</param>
    /// <exception cref="ArgumentException">The shares leave a part without rows; the message names their keys.</exception>
    public ModelTrainingPipeline(IModelTrainer trainer, TimeProvider time, ModelTrainingOptions? options = null, FeatureEngineOptions? features = null)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentNullException.ThrowIfNull(time);
        options ??= new ModelTrainingOptions();
        options.ThrowIfInvalid();
        _trainer = trainer;
        _time = time;
        _set = options.Set;
        _features = features;
        _trainShare = options.TrainShare;
        _validationShare = options.ValidationShare;
    }

    /// <summary>Makes a model.</summary>
    /// <param name="batches">Records in LSN order; each batch is released.</param>
    /// <param name="source">Where they come from.</param>
    /// <param name="progress">Told of every batch and iteration; null = nobody.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>The model with its figures.</returns>
    /// <exception cref="ArgumentException">No model can be trained on these records: too few rows, or one class; the message says which.</exception>
    /// <exception cref="InvalidOperationException">The trainer is not available on this machine; the message says what to install.</exception>
    public async Task<ModelTrainingResult> RunAsync(
        IAsyncEnumerable<RecordBatch> batches,
        TrainingSource source,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var builder = new TrainingSetBuilder(_set, _features);
        var replaying = progress is null ? null : new Relay<int>(rows => progress.Report(new TrainingProgress(TrainingStage.Replaying, rows, null)));
        var set = await builder.BuildAsync(batches, replaying, cancellationToken).ConfigureAwait(false);
        return await RunAsync(set, source, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a model from rows that were built before.</summary>
    /// <param name="set">The rows.</param>
    /// <param name="source">Where they come from.</param>
    /// <param name="progress">Told of every iteration; null = nobody.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>The model with its figures.</returns>
    /// <exception cref="ArgumentException">No model can be trained on these rows: too few, or one class; the message says which.</exception>
    /// <exception cref="InvalidOperationException">The trainer is not available on this machine; the message says what to install.</exception>
    public async Task<ModelTrainingResult> RunAsync(
        TrainingSet set,
        TrainingSource source,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(source);
        var split = TimeOrderedSplit.Create(set, _trainShare, _validationShare);
        var request = new TrainingRequest(set.Schema, Rows(set, split.Train), Rows(set, split.Validation));
        var fitting = progress is null ? null : new Relay<TrainingIteration>(i => progress.Report(new TrainingProgress(TrainingStage.Fitting, set.Count, i)));
        var report = await _trainer.TrainAsync(request, fitting, cancellationToken).ConfigureAwait(false);

        progress?.Report(new TrainingProgress(TrainingStage.Evaluating, set.Count, null));
        var artifact = Pack(set, split, report, source);
        progress?.Report(new TrainingProgress(TrainingStage.Done, set.Count, null));
        return new ModelTrainingResult(artifact, report, set, split);
    }

    private static TrainingRows Rows(TrainingSet set, RowRange range) => new(
        set.Features.Slice(range.First * set.Schema.Count, range.Count * set.Schema.Count),
        set.Labels.Slice(range.First, range.Count));

    private ModelArtifact Pack(TrainingSet set, TimeOrderedSplit split, TrainingReport report, TrainingSource source)
    {
        var model = TreeEnsemble.Parse(report.ModelText);
        var scores = new float[set.Count];
        model.Predict(set.Features.Span, scores);
        var validation = split.Validation;
        var threshold = ThresholdSelector.BestF1(scores.AsSpan(validation.First, validation.Count), set.Labels.Span.Slice(validation.First, validation.Count));
        var train = split.Train;
        var baseline = new TrainingRows(default, set.Labels.Slice(train.First, train.Count)).CountPositives() / (double)train.Count;
        var now = _time.GetUtcNow();
        var summarizer = new SplitSummarizer(set, scores, threshold, baseline);
        return new ModelArtifact(
            new ModelManifest
            {
                Version = ModelArtifact.MakeVersion(now, report.ModelText),
                CreatedAt = now,
                SchemaHash = set.Schema.HashText,
                Columns = set.Schema.Columns,
                Threshold = threshold,
                TrainedOn = source.Description,
                IsSimulated = source.IsSimulated,
                LabelWindowSlots = set.LabelWindowSlots,
                Trainer = report.Trainer,
                Parameters = report.Parameters,
                Iterations = report.BestIteration,
                PurgedRows = split.Purged,
                Train = summarizer.Summarize(split.Train),
                Validation = summarizer.Summarize(split.Validation),
                Test = summarizer.Summarize(split.Test),
            },
            report.ModelText);
    }
}
