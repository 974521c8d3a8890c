namespace Mev.Sdk.Models.Evaluation;

/// <summary>Labels in the order of falling scores, with ties known: what every measure of ranking starts from.</summary>
internal sealed class Ranking
{
    private readonly float[] _scores;
    private readonly bool[] _positive;

    private Ranking(float[] scores, bool[] positive, int positives)
    {
        _scores = scores;
        _positive = positive;
        Positives = positives;
    }

    public int Positives { get; }

    public int Negatives => _scores.Length - Positives;

    public static Ranking Create(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels)
    {
        if (scores.Length != labels.Length)
        {
            throw new ArgumentException($"{scores.Length} scores and {labels.Length} labels.", nameof(labels));
        }

        var keys = new float[scores.Length];
        var positive = new bool[scores.Length];
        var positives = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            if (!(scores[i] >= 0 && scores[i] <= 1))
            {
                throw new ArgumentException($"Score {i} is {scores[i]}, not a probability.", nameof(scores));
            }

            if (labels[i] is not (0 or 1))
            {
                throw new ArgumentException($"Label {i} is {labels[i]}, neither 0 nor 1.", nameof(labels));
            }

            keys[i] = -scores[i];
            positive[i] = labels[i] == 1;
            positives += positive[i] ? 1 : 0;
        }

        Array.Sort(keys, positive);
        return new Ranking(keys, positive, positives);
    }

    // Mann-Whitney: pairs in which the positive stands above the negative, pairs of equal scores half.
    public double? RocAuc()
    {
        if (Positives == 0 || Negatives == 0)
        {
            return null;
        }

        double pairs = 0;
        long positivesAbove = 0;
        for (var i = 0; i < _scores.Length;)
        {
            var (next, positives, negatives) = Group(i);
            pairs += negatives * (positivesAbove + (positives / 2.0));
            positivesAbove += positives;
            i = next;
        }

        return pairs / ((double)Positives * Negatives);
    }

    // Average precision: precision at each group of equal scores, weighted by the recall it adds.
    public double? PrAuc()
    {
        if (Positives == 0 || Negatives == 0)
        {
            return null;
        }

        double area = 0;
        long found = 0;
        for (var i = 0; i < _scores.Length;)
        {
            var (next, positives, _) = Group(i);
            found += positives;
            area += (double)positives / Positives * found / next;
            i = next;
        }

        return area;
    }

    /// <summary>The score from which on saying yes gives the best F1; the highest such score. Null when there is one class.</summary>
    public float? BestF1Threshold()
    {
        if (Positives == 0 || Negatives == 0)
        {
            return null;
        }

        var best = -1.0;
        var threshold = 0f;
        long found = 0;
        for (var i = 0; i < _scores.Length;)
        {
            var (next, positives, _) = Group(i);
            found += positives;
            var f1 = 2.0 * found / (next + Positives);
            if (f1 > best)
            {
                best = f1;
                threshold = -_scores[i];
            }

            i = next;
        }

        return threshold;
    }

    private (int Next, long Positives, long Negatives) Group(int first)
    {
        long positives = 0;
        var at = first;
        while (at < _scores.Length && _scores[at] == _scores[first])
        {
            positives += _positive[at] ? 1 : 0;
            at++;
        }

        return (at, positives, at - first - positives);
    }
}
