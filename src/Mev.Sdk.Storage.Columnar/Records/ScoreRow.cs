using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Columnar.Records;

/// <summary>One score of a prediction.</summary>
internal readonly ref struct ScoreRow
{
    private readonly ReadOnlySpan<ScoreEntry> _score;

    private ScoreRow(PredictionView prediction, int index)
    {
        Prediction = prediction;
        _score = prediction.Scores.Slice(index, 1);
    }

    public PredictionView Prediction { get; }

    public ref readonly ScoreEntry Score => ref _score[0];

    public static bool TryRead(in RecordView record, int index, out ScoreRow row)
    {
        if (!PredictionView.TryRead(in record, out var prediction) || index >= prediction.Scores.Length)
        {
            row = default;
            return false;
        }

        row = new ScoreRow(prediction, index);
        return true;
    }
}
