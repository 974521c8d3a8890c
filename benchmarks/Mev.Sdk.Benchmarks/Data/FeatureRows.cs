using Mev.Sdk.Features.Sets;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Benchmarks.Data;

/// <summary>Labelled feature vectors of a simulated market, missing values replaced by 0.</summary>
/// <param name="Features">Rows, one behind the other.</param>
/// <param name="Labels">One a row: 0 or 1.</param>
internal sealed record FeatureRows(float[] Features, float[] Labels)
{
    private const int Slots = 80;

    /// <summary>Rows in the set.</summary>
    public int Count => Labels.Length;

    /// <summary>Features in a row.</summary>
    public int FeatureCount => Features.Length / Labels.Length;

    /// <summary>One row.</summary>
    public ReadOnlySpan<float> Row(int index) => Features.AsSpan(index * FeatureCount, FeatureCount);

    public static FeatureRows Load()
    {
        ReadOnlySpan<byte> frames = FrameSource.Simulated(Slots);
        var builder = new TrainingSetBuilder();
        var reader = new FrameReader();
        for (ulong lsn = 1; reader.TryRead(ref frames, out var frame) == FrameStatus.Done; lsn++)
        {
            var record = new RecordView(Lsn.Create(0, lsn), frame);
            builder.Observe(in record);
        }

        var set = builder.Build();
        if (set.Positives == 0 || set.Positives == set.Count)
        {
            throw new InvalidOperationException($"{set.Count} rows of the simulated market hold {set.Positives} positive labels: nothing to train on.");
        }

        return new FeatureRows([.. set.Features.ToArray().Select(value => float.IsNaN(value) ? 0 : value)], set.Labels.ToArray());
    }
}
