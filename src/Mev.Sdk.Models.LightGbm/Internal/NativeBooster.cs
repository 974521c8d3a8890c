using System.Text;

namespace Mev.Sdk.Models.LightGbm.Internal;

/// <summary>A model that is being fitted. Points into its data sets: dispose it before them.</summary>
internal sealed class NativeBooster : IDisposable
{
    private readonly BoosterHandle _handle;

    private NativeBooster(BoosterHandle handle) => _handle = handle;

    public static NativeBooster Create(NativeDataset train, NativeDataset validation, string parameters)
    {
        NativeError.ThrowIfFailed(NativeMethods.LGBM_BoosterCreate(train.Handle, parameters, out var handle), "making a booster");
        var booster = new NativeBooster(handle);
        try
        {
            NativeError.ThrowIfFailed(NativeMethods.LGBM_BoosterAddValidData(handle, validation.Handle), "adding validation rows");
            NativeError.ThrowIfFailed(NativeMethods.LGBM_BoosterGetEvalCounts(handle, out var metrics), "counting metrics");
            return metrics == 1 ? booster : throw new LightGbmException($"LightGBM reports {metrics} metrics where binary_logloss alone was asked for.");
        }
        catch
        {
            booster.Dispose();
            throw;
        }
    }

    /// <summary>Adds a tree.</summary>
    /// <returns>True when no split improves the model any more.</returns>
    public bool Update()
    {
        NativeError.ThrowIfFailed(NativeMethods.LGBM_BoosterUpdateOneIter(_handle, out var finished), "adding a tree");
        return finished != 0;
    }

    public unsafe double Evaluate(int dataIndex)
    {
        double result;
        NativeError.ThrowIfFailed(NativeMethods.LGBM_BoosterGetEval(_handle, dataIndex, out _, &result), "evaluating");
        return result;
    }

    public unsafe string ToText(int iterations)
    {
        NativeError.ThrowIfFailed(
            NativeMethods.LGBM_BoosterSaveModelToString(_handle, 0, iterations, NativeMethods.ImportanceSplit, 0, out var length, null), "measuring the model's text");
        var text = new byte[length];
        fixed (byte* target = text)
        {
            NativeError.ThrowIfFailed(
                NativeMethods.LGBM_BoosterSaveModelToString(_handle, 0, iterations, NativeMethods.ImportanceSplit, length, out length, target), "writing the model's text");
        }

        // The length counts the terminating zero.
        return Encoding.UTF8.GetString(text, 0, (int)length - 1);
    }

    public void Dispose() => _handle.Dispose();
}
