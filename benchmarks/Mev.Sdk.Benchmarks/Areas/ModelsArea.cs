using System.Globalization;
using Mev.Sdk.Benchmarks.Data;
using Mev.Sdk.Benchmarks.Peers;
using Mev.Sdk.Benchmarks.Scorecard;
using Mev.Sdk.Models.LightGbm;

namespace Mev.Sdk.Benchmarks.Areas;

/// <summary>What a score costs.</summary>
internal sealed class ModelsArea : IArea
{
    private const double Agreement = 1e-6;

    public string Name => "models";

    public IEnumerable<Measure> Run()
    {
        if (!LightGbmTrainer.CheckAvailable(out var reason))
        {
            throw new InvalidOperationException(reason);
        }

        var rows = FeatureRows.Load();
        using var work = new ScoringWork(rows);
        var difference = work.LargestDifference();
        if (difference > Agreement)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Both sides must score the same trees: their probabilities differ by up to {difference:g3}."));
        }

        var (ours, peer) = Duel.Nanoseconds(work.Ours, work.Peer, sameFold: false);
        yield return new Measure
        {
            Name = "models.score.row.mlnet",
            Value = ours / rows.Count / 1000,
            Unit = "us/row",
            LessIsBetter = true,
            Peer = "ML.NET PredictionEngine",
            PeerValue = peer / rows.Count / 1000,
            Note = string.Create(
                CultureInfo.InvariantCulture,
                $"the very same {work.TreeCount} trees with {work.LeafCount} leaves, trained once by Microsoft.ML.LightGbm and read into our scorer; {rows.Count} rows of {rows.FeatureCount} features of a simulated market, missing values as 0 on both sides; one row a call; probabilities agree within {difference:g2}"),
        };
    }
}
