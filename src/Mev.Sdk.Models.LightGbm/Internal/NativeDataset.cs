using Mev.Sdk.Models.Training;

namespace Mev.Sdk.Models.LightGbm.Internal;

/// <summary>Rows as LightGBM bins them. The rows are copied; validation rows are binned by the training rows' bins.</summary>
internal sealed class NativeDataset : IDisposable
{
    private NativeDataset(DatasetHandle handle) => Handle = handle;

    public DatasetHandle Handle { get; }

    public static unsafe NativeDataset Create(FeatureSchema schema, TrainingRows rows, string parameters, NativeDataset? reference)
    {
        DatasetHandle handle;
        using (var features = rows.Features.Pin())
        {
            var added = false;
            try
            {
                reference?.Handle.DangerousAddRef(ref added);
                NativeError.ThrowIfFailed(
                    NativeMethods.LGBM_DatasetCreateFromMat(
                        (float*)features.Pointer,
                        NativeMethods.TypeFloat32,
                        rows.Count,
                        schema.Count,
                        isRowMajor: 1,
                        parameters,
                        reference?.Handle.DangerousGetHandle() ?? 0,
                        out handle),
                    "making a data set");
            }
            finally
            {
                if (added)
                {
                    reference!.Handle.DangerousRelease();
                }
            }
        }

        var dataset = new NativeDataset(handle);
        try
        {
            dataset.Describe(schema, rows);
            return dataset;
        }
        catch
        {
            dataset.Dispose();
            throw;
        }
    }

    public void Dispose() => Handle.Dispose();

    private unsafe void Describe(FeatureSchema schema, TrainingRows rows)
    {
        using var labels = rows.Labels.Pin();
        NativeError.ThrowIfFailed(
            NativeMethods.LGBM_DatasetSetField(Handle, "label", (float*)labels.Pointer, rows.Count, NativeMethods.TypeFloat32), "setting labels");
        NativeError.ThrowIfFailed(
            NativeMethods.LGBM_DatasetSetFeatureNames(Handle, [.. schema.Columns.Select(static c => c.Name)], schema.Count), "naming features");
    }
}
