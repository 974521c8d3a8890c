using Mev.Sdk.Models.Inference;

namespace Mev.Sdk.Models.Tests.Inference;

/// <summary>A predictor by hand that keeps the bits of every row it was asked about.</summary>
internal sealed class FakePredictor(Func<float[], float> predict) : IPredictor
{
    public List<int[]> Rows { get; } = [];

    public int FeatureCount => Artifacts.Schema.Count;

    public float Predict(ReadOnlySpan<float> row)
    {
        var copy = row.ToArray();
        Rows.Add([.. copy.Select(BitConverter.SingleToInt32Bits)]);
        return predict(copy);
    }

    public void Predict(ReadOnlySpan<float> rows, Span<float> scores) => throw new NotSupportedException();
}
