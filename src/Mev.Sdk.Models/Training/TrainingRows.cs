namespace Mev.Sdk.Models.Training;

/// <summary>Rows for a trainer: vectors one behind the other, and a label each.</summary>
/// <param name="Features">Row-major values; NaN = missing. Must not change while a trainer reads it.</param>
/// <param name="Labels">1 = positive, 0 = negative; one a row.</param>
public sealed record TrainingRows(ReadOnlyMemory<float> Features, ReadOnlyMemory<float> Labels)
{
    /// <summary>Rows.</summary>
    public int Count => Labels.Length;

    /// <summary>Rows whose label is 1.</summary>
    /// <returns>The count.</returns>
    public int CountPositives()
    {
        var count = 0;
        foreach (var label in Labels.Span)
        {
            count += label > 0.5f ? 1 : 0;
        }

        return count;
    }
}
