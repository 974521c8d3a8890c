using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Mev.Sdk.Models.LightGbm.Internal;
using Mev.Sdk.Models.Training;

namespace Mev.Sdk.Models.LightGbm;

/// <summary>Fits a binary model with LightGBM through its C API: log loss an iteration, early stopping on the validation rows.</summary>
/// <remarks>Thread-safe: every training has its own native objects, freed when it ends, however it ends.</remarks>
public sealed class LightGbmTrainer : IModelTrainer
{
    private const int TrainIndex = 0;
    private const int ValidationIndex = 1;

    private readonly TimeProvider _time;
    private readonly string _parameters;
    private readonly int _maxIterations;
    private readonly int _earlyStoppingRounds;

    /// <summary>Makes a trainer; the native library is not touched yet.</summary>
    /// <param name="options">How it fits; null = the defaults. Copied.</param>
    /// <param name="time">The clock that times trainings; null = the system's.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names its key.</exception>
    public LightGbmTrainer(LightGbmOptions? options = null, TimeProvider? time = null)
    {
        options ??= new LightGbmOptions();
        var problems = options.Validate().ToArray();
        if (problems.Length > 0)
        {
            throw new ArgumentException(string.Join(' ', problems), nameof(options));
        }

        _time = time ?? TimeProvider.System;
        _parameters = options.ToParameters();
        _maxIterations = options.MaxIterations;
        _earlyStoppingRounds = options.EarlyStoppingRounds;
    }

    /// <summary>Tells whether training is possible on this machine.</summary>
    /// <param name="reason">What is missing and what to install, in words for a person; null when nothing is.</param>
    /// <returns>Whether the native library loads.</returns>
    public static bool CheckAvailable([NotNullWhen(false)] out string? reason) => NativeLoader.IsAvailable(out reason);

    /// <inheritdoc/>
    /// <exception cref="LightGbmException">LightGBM reported an error.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public Task<TrainingReport> TrainAsync(
        TrainingRequest request, IProgress<TrainingIteration>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.ThrowIfUntrainable();
        return !CheckAvailable(out var reason)
            ? throw new InvalidOperationException(reason)
            : Task.Run(() => Train(request, progress, cancellationToken), cancellationToken);
    }

    private TrainingReport Train(TrainingRequest request, IProgress<TrainingIteration>? progress, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        NativeLoader.Prepare();
        using var train = NativeDataset.Create(request.Schema, request.Train, _parameters, reference: null);
        using var validation = NativeDataset.Create(request.Schema, request.Validation, _parameters, train);
        using var booster = NativeBooster.Create(train, validation, _parameters);
        var curve = new List<TrainingIteration>();
        var best = 0;
        var finished = false;
        while (!finished && curve.Count < _maxIterations && curve.Count - best < _earlyStoppingRounds)
        {
            cancellationToken.ThrowIfCancellationRequested();
            finished = booster.Update();
            var iteration = new TrainingIteration(curve.Count + 1, booster.Evaluate(TrainIndex), booster.Evaluate(ValidationIndex));
            curve.Add(iteration);
            best = best == 0 || iteration.ValidationLogLoss < curve[best - 1].ValidationLogLoss ? iteration.Iteration : best;
            progress?.Report(iteration);
        }

        return new TrainingReport(
            "LightGBM 4.7.0",
            booster.ToText(best),
            best,
            curve,
            curve.Count - best >= _earlyStoppingRounds,
            _time.GetElapsedTime(started),
            string.Create(CultureInfo.InvariantCulture, $"{_parameters} num_iterations={_maxIterations} early_stopping_round={_earlyStoppingRounds}"));
    }
}
