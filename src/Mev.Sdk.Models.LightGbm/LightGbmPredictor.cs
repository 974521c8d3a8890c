using Mev.Sdk.Models.Inference;
using Mev.Sdk.Models.LightGbm.Internal;

namespace Mev.Sdk.Models.LightGbm;

/// <summary>LightGBM's own prediction: the reference that the managed scorer is held to.</summary>
/// <remarks>Not thread-safe. One row goes through the single-row-fast call, many through the batch call with one thread.</remarks>
public sealed class LightGbmPredictor : IPredictor, IDisposable
{
    private const string Parameters = "num_threads=1 verbosity=-1";

    private readonly BoosterHandle _booster;
    private readonly FastConfigHandle _singleRow;

    private LightGbmPredictor(BoosterHandle booster)
    {
        _booster = booster;
        NativeError.ThrowIfFailed(NativeMethods.LGBM_BoosterGetNumFeature(booster, out var features), "counting features");
        FeatureCount = features;
        NativeError.ThrowIfFailed(
            NativeMethods.LGBM_BoosterPredictForMatSingleRowFastInit(
                booster, NativeMethods.PredictNormal, 0, -1, NativeMethods.TypeFloat32, features, Parameters, out _singleRow),
            "preparing single rows");
    }

    /// <inheritdoc/>
    public int FeatureCount { get; }

    /// <summary>Loads a model.</summary>
    /// <param name="modelText">LightGBM's model text.</param>
    /// <returns>The model; dispose it.</returns>
    /// <exception cref="InvalidOperationException">The native library is not available; the message says what to install.</exception>
    /// <exception cref="LightGbmException">LightGBM does not take the text.</exception>
    public static LightGbmPredictor Load(string modelText)
    {
        ArgumentNullException.ThrowIfNull(modelText);
        NativeLoader.Prepare();
        NativeError.ThrowIfFailed(NativeMethods.LGBM_BoosterLoadModelFromString(modelText, out _, out var booster), "loading a model");
        return new LightGbmPredictor(booster);
    }

    /// <inheritdoc/>
    public unsafe float Predict(ReadOnlySpan<float> row)
    {
        if (row.Length < FeatureCount)
        {
            throw new ArgumentException($"The model takes {FeatureCount} features, the row has {row.Length}.", nameof(row));
        }

        double result;
        fixed (float* data = row)
        {
            NativeError.ThrowIfFailed(NativeMethods.LGBM_BoosterPredictForMatSingleRowFast(_singleRow, data, out _, &result), "predicting");
        }

        return (float)result;
    }

    /// <inheritdoc/>
    public unsafe void Predict(ReadOnlySpan<float> rows, Span<float> scores)
    {
        if (rows.Length != (long)scores.Length * FeatureCount)
        {
            throw new ArgumentException($"{scores.Length} scores need rows of {FeatureCount} features, there are {rows.Length} values.", nameof(rows));
        }

        var results = new double[scores.Length];
        fixed (float* data = rows)
        fixed (double* target = results)
        {
            NativeError.ThrowIfFailed(
                NativeMethods.LGBM_BoosterPredictForMat(
                    _booster, data, NativeMethods.TypeFloat32, scores.Length, FeatureCount, 1, NativeMethods.PredictNormal, 0, -1, Parameters, out _, target),
                "predicting");
        }

        for (var i = 0; i < results.Length; i++)
        {
            scores[i] = (float)results[i];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The configuration points into the booster.
        _singleRow.Dispose();
        _booster.Dispose();
    }
}
