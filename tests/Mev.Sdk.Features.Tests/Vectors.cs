using Mev.Sdk.Features;
using Mev.Sdk.TestKit;

namespace Mev.Sdk.Features.Tests;

/// <summary>Runs a stream through an engine and looks at the vectors by feature name.</summary>
internal sealed class Vectors
{
    private readonly List<float[]> _rows = [];
    private readonly List<Lsn> _lsns = [];

    public Vectors(RecordStream stream, Func<int>? nextSize = null, FeatureEngineOptions? options = null)
    {
        Engine = new FeatureEngine(options ?? new FeatureEngineOptions { MaxPools = 64, MaxTokens = 64, SightingWindow = 1000 });
        var vector = new float[Engine.Schema.Count];
        foreach (var batch in stream.Batches(nextSize ?? (() => int.MaxValue)))
        {
            foreach (var record in batch)
            {
                if (Engine.Observe(in record, vector))
                {
                    _rows.Add([.. vector]);
                    _lsns.Add(record.Lsn);
                }
            }

            batch.Release();
        }
    }

    public FeatureEngine Engine { get; }

    public int Count => _rows.Count;

    public IReadOnlyList<float[]> Rows => _rows;

    public IReadOnlyList<Lsn> Lsns => _lsns;

    public float this[int row, string feature]
    {
        get
        {
            for (var i = 0; i < Engine.Schema.Count; i++)
            {
                if (Engine.Schema.Columns[i].Name == feature)
                {
                    return _rows[row][i];
                }
            }

            throw new ArgumentException($"No feature '{feature}'.");
        }
    }
}
