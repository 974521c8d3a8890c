using Mev.Sdk.Benchmarks.Data;
using Mev.Sdk.Models.Inference;
using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.LightGbm;

namespace Mev.Sdk.Benchmarks.Peers;

/// <summary>One set of trees, trained by Microsoft.ML.LightGbm, scored row by row by ML.NET's PredictionEngine and by our TreeEnsemble.</summary>
internal sealed class ScoringWork : IDisposable
{
    private readonly FeatureRows _rows;
    private readonly Row[] _inputs;
    private readonly TreeEnsemble _ensemble;
    private readonly PredictionEngine<Row, Score> _engine;
    private readonly Score _score = new();

    public ScoringWork(FeatureRows rows)
    {
        _rows = rows;
        _inputs = [.. Enumerable.Range(0, rows.Count).Select(i => new Row { Features = rows.Row(i).ToArray(), Label = rows.Labels[i] > 0 })];

        var context = new MLContext(seed: 1);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows.FeatureCount);
        var trainer = context.BinaryClassification.Trainers.LightGbm(new LightGbmBinaryTrainer.Options
        {
            NumberOfIterations = 100,
            NumberOfLeaves = 31,
            MinimumExampleCountPerLeaf = 20,
            NumberOfThreads = 1,
            HandleMissingValue = false,
            Seed = 1,
            Silent = true,
        });
        var model = trainer.Fit(context.Data.LoadFromEnumerable(_inputs, schema));
        _engine = context.Model.CreatePredictionEngine<Row, Score>(model, inputSchemaDefinition: schema);

        var trees = model.Model.SubModel.TrainedTreeEnsemble;
        var text = LightGbmText.Write(trees, rows.FeatureCount, (PlattCalibrator)model.Model.Calibrator);
        _ensemble = TreeEnsemble.Parse(text);
    }

    public int TreeCount => _ensemble.TreeCount;

    public int LeafCount => _ensemble.LeafCount;

    public ulong Ours()
    {
        var fold = default(Fold);
        for (var i = 0; i < _rows.Count; i++)
        {
            fold.Add(BitConverter.SingleToUInt32Bits(_ensemble.Predict(_rows.Row(i))));
        }

        return fold.Value;
    }

    public ulong Peer()
    {
        var fold = default(Fold);
        foreach (var input in _inputs)
        {
            var output = _score;
            _engine.Predict(input, ref output);
            fold.Add(BitConverter.SingleToUInt32Bits(output.Probability));
        }

        return fold.Value;
    }

    /// <summary>How far apart the two sides' probabilities are at most.</summary>
    public double LargestDifference() =>
        _inputs.Select((input, i) => Math.Abs((double)_engine.Predict(input).Probability - _ensemble.Predict(_rows.Row(i)))).Max();

    public void Dispose() => _engine.Dispose();

    /// <summary>A row as ML.NET takes it.</summary>
    public sealed class Row
    {
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }

    /// <summary>A score as ML.NET gives it.</summary>
    public sealed class Score
    {
        public float Probability { get; set; }
    }
}
