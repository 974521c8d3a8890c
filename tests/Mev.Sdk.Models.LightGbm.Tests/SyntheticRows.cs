using Mev.Sdk.Models.Training;

namespace Mev.Sdk.Models.LightGbm.Tests;

/// <summary>Rows with a planted rule, missing values, zeros, heavy tails and a column that is constant.</summary>
internal static class SyntheticRows
{
    public const int Width = 8;

    public static readonly FeatureSchema Schema = new(Enumerable.Range(0, Width).Select(static i => new FeatureColumn($"f.{i}", "1")));

    public static TrainingRows Create(int seed, int rows, bool missing = true)
    {
        var random = new Random(seed);
        var features = new float[rows * Width];
        var labels = new float[rows];
        for (var r = 0; r < rows; r++)
        {
            var row = features.AsSpan(r * Width, Width);
            row[0] = (float)random.NextDouble();
            row[1] = (float)Math.Exp(random.NextDouble() * 20);
            row[2] = random.Next(3) == 0 ? 0 : (float)(random.NextDouble() - 0.5);
            row[3] = random.Next(8);
            row[4] = 42;
            row[5] = (float)((random.NextDouble() - 0.5) * 1e-30);
            row[6] = random.Next(1000);
            row[7] = -(float)random.NextDouble();
            var odds = (row[0] > 0.6 ? 2.0 : -1.5) + (row[3] > 5 ? 1.5 : 0) - (row[2] > 0.2 ? 1 : 0);
            if (missing)
            {
                odds += Hide(random, row, 0, 1.0) + Hide(random, row, 2, -1.0) + Hide(random, row, 6, 0);
            }

            labels[r] = random.NextDouble() < 1 / (1 + Math.Exp(-odds)) ? 1 : 0;
        }

        return new TrainingRows(features, labels);
    }

    // Missing values carry information, so that trees learn where they belong.
    private static double Hide(Random random, Span<float> row, int column, double odds)
    {
        if (random.Next(6) != 0)
        {
            return 0;
        }

        row[column] = float.NaN;
        return odds;
    }
}
