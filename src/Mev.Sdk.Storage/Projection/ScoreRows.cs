using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Projection;

/// <summary>Scores of some batches: all of them as rows of predictions, the last one of each sighting for the merge.</summary>
internal sealed class ScoreRows
{
    private readonly Dictionary<ulong, StagedScore> _scores = [];
    private byte[] _lastModel = [];
    private ulong _ordinal;

    /// <summary>Scores that did not go into a row that was staged with them.</summary>
    public int Outside { get; private set; }

    public bool IsEmpty => _scores.Count == 0;

    public ulong FirstLsn { get; private set; }

    public ulong LastLsn { get; private set; }

    public void Clear()
    {
        _scores.Clear();
        (_ordinal, Outside, FirstLsn, LastLsn) = (0, 0, ulong.MaxValue, 0);
    }

    public bool TryAdd(RowBuffer predictions, in RecordView record)
    {
        if (!PredictionView.TryRead(in record, out var view))
        {
            return false;
        }

        var model = RowText.Text(view.ModelVersion);
        _lastModel = model.SequenceEqual(_lastModel) ? _lastModel : model.ToArray();
        for (var i = 0; i < view.Scores.Length; i++)
        {
            SystemRows.AddScore(predictions, in record, in view, i, _lastModel);
            ref readonly var entry = ref view.Scores[i];
            if (float.IsFinite(entry.Score))
            {
                ref var score = ref CollectionsMarshal.GetValueRefOrAddDefault(_scores, entry.TransactionLsn, out var exists);
                score = new StagedScore(entry.Score, _lastModel, _ordinal++, IsInRow: false);
                Outside += exists ? 0 : 1;
                FirstLsn = Math.Min(FirstLsn, entry.TransactionLsn);
                LastLsn = Math.Max(LastLsn, entry.TransactionLsn);
            }
        }

        return true;
    }

    /// <summary>Takes the score of a sighting whose row is being staged.</summary>
    public bool TryTake(Lsn lsn, out StagedScore taken)
    {
        ref var score = ref CollectionsMarshal.GetValueRefOrNullRef(_scores, lsn.Value);
        if (Unsafe.IsNullRef(ref score))
        {
            taken = default;
            return false;
        }

        score = score with { IsInRow = true };
        Outside--;
        taken = score;
        return true;
    }

    public void WriteTo(RowBuffer rows)
    {
        foreach (var (lsn, score) in _scores)
        {
            var row = rows.AddRow();
            row.UInt64(lsn);
            row.Float32(score.Score);
            row.Text(score.Model);
            row.UInt64(score.Ordinal);
            row.Boolean(score.IsInRow);
            row.Complete();
        }
    }
}
