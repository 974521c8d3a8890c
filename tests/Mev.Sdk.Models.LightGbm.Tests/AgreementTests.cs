using System.Globalization;
using Mev.Sdk.Models.Inference;
using Mev.Sdk.Models.Training;

namespace Mev.Sdk.Models.LightGbm.Tests;

/// <summary>The managed scorer against LightGBM's own prediction.</summary>
public sealed class AgreementTests
{
    private const float Tolerance = 1e-6f;

    [NativeFact]
    public Task Predict_model_with_missing_values_agrees_with_lightgbm() => Check(SyntheticRows.Create(1, 6_000), static text => text);

    [NativeFact]
    public Task Predict_model_without_missing_values_agrees_with_lightgbm() => Check(SyntheticRows.Create(2, 6_000, missing: false), static text => text);

    [NativeFact]
    public Task Predict_model_whose_splits_treat_zero_as_missing_agrees_with_lightgbm() =>
        Check(SyntheticRows.Create(3, 6_000), static text => WithMissingType(text, 1));

    [NativeFact]
    public Task Predict_model_with_splits_that_part_missing_values_from_all_others_agrees_with_lightgbm() => Check(
        SyntheticRows.Create(4, 6_000), static text => Altered(text, "threshold=", static words => words[words.Length / 2] = "inf"));

    private static async Task Check(TrainingRows rows, Func<string, string> alter)
    {
        var trainer = new LightGbmTrainer(new LightGbmOptions { MaxIterations = 123, EarlyStoppingRounds = 123 });
        var report = await trainer.TrainAsync(
            new TrainingRequest(SyntheticRows.Schema, rows, SyntheticRows.Create(9, 2_000)), cancellationToken: TestContext.Current.CancellationToken);
        var text = alter(report.ModelText);
        var ours = TreeEnsemble.Parse(text);
        using var theirs = LightGbmPredictor.Load(text);
        var probes = Probes(ours, text);
        var expected = new float[probes.Length / SyntheticRows.Width];
        var actual = new float[expected.Length];
        theirs.Predict(probes, expected);
        ours.Predict(probes, actual);

        Assert.Equal(SyntheticRows.Width, theirs.FeatureCount);
        Assert.True(ours.TreeCount >= 10);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.InRange(actual[i], expected[i] - Tolerance, expected[i] + Tolerance);
            var row = probes.AsSpan(i * SyntheticRows.Width, SyntheticRows.Width);
            Assert.InRange(ours.Predict(row), theirs.Predict(row) - Tolerance, theirs.Predict(row) + Tolerance);
        }

        Assert.True(expected.Distinct().Count() > 500);
    }

    // Values at, just below and just above every threshold are where two readings of a model would part; and every kind of odd value.
    private static float[] Probes(TreeEnsemble model, string text)
    {
        Assert.Equal(SyntheticRows.Width, model.FeatureCount);
        var thresholds = text.Split('\n').Where(static l => l.StartsWith("threshold=", StringComparison.Ordinal))
            .SelectMany(static l => l["threshold=".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(static w => w != "inf").Select(static w => (float)double.Parse(w, NumberStyles.Float, CultureInfo.InvariantCulture)).Distinct().ToArray();
        var odd = new[] { float.NaN, 0f, -0f, 1e-36f, -1e-36f, 1e-34f, float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon };
        var random = new Random(77);
        var probes = SyntheticRows.Create(5, 4_000).Features.ToArray();
        for (var i = 0; i < probes.Length; i++)
        {
            var threshold = thresholds[random.Next(thresholds.Length)];
            probes[i] = random.Next(5) switch
            {
                0 => odd[random.Next(odd.Length)],
                1 => threshold,
                2 => MathF.BitIncrement(threshold),
                3 => MathF.BitDecrement(threshold),
                _ => probes[i],
            };
        }

        return probes;
    }

    private static string WithMissingType(string text, int type) => Altered(text, "decision_type=", words =>
    {
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = ((int.Parse(words[i], CultureInfo.InvariantCulture) & 2) | (type << 2)).ToString(CultureInfo.InvariantCulture);
        }
    });

    // The sizes of the trees' texts no longer hold; LightGBM does without that line.
    private static string Altered(string text, string key, Action<string[]> alter) => string.Join('\n', text.Split('\n')
        .Where(static line => !line.StartsWith("tree_sizes=", StringComparison.Ordinal))
        .Select(line =>
        {
            if (!line.StartsWith(key, StringComparison.Ordinal))
            {
                return line;
            }

            var words = line[key.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            alter(words);
            return key + string.Join(' ', words);
        }));
}
