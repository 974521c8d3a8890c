namespace Mev.Sdk.Features.Sets;

/// <summary>Cuts a training set by time into train, validation and test, and purges what could leak from one into the next.</summary>
/// <remarks>
/// Rows are in LSN order, so every row of a later part was sighted after every row of an earlier one. The last rows before a cut are purged
/// when their label window reaches the first slot behind it: their label was decided by what the later part already sees.
/// </remarks>
public sealed class TimeOrderedSplit
{
    private TimeOrderedSplit(RowRange train, RowRange validation, RowRange test)
    {
        Train = train;
        Validation = validation;
        Test = test;
    }

    /// <summary>Rows the model is fitted to.</summary>
    public RowRange Train { get; }

    /// <summary>Later rows that stop the training and choose the threshold.</summary>
    public RowRange Validation { get; }

    /// <summary>The latest rows, looked at once, at the end.</summary>
    public RowRange Test { get; }

    /// <summary>Rows that belong to no part because their label window reaches into the next one.</summary>
    public int Purged => Test.End - Train.Count - Validation.Count - Test.Count;

    /// <summary>Cuts a set.</summary>
    /// <param name="set">The rows.</param>
    /// <param name="trainShare">Share of the rows before the first cut, above 0.</param>
    /// <param name="validationShare">Share of the rows between the cuts, above 0; the rest is test, and must be above 0 too.</param>
    /// <returns>The parts.</returns>
    /// <exception cref="ArgumentException">A share is not above zero, or the set is too short: a part is empty after the purge.</exception>
    public static TimeOrderedSplit Create(TrainingSet set, double trainShare = 0.6, double validationShare = 0.2)
    {
        ArgumentNullException.ThrowIfNull(set);
        if (!(trainShare > 0 && validationShare > 0 && trainShare + validationShare < 1))
        {
            throw new ArgumentException($"The shares must be above 0 and leave rows to test on: train {trainShare}, validation {validationShare}.");
        }

        var firstCut = (int)(set.Count * trainShare);
        var secondCut = (int)(set.Count * (trainShare + validationShare));
        var train = Purge(set, 0, firstCut);
        var validation = Purge(set, firstCut, secondCut);
        var test = new RowRange(secondCut, set.Count - secondCut);
        if (train.Count == 0 || validation.Count == 0 || test.Count == 0)
        {
            throw new ArgumentException(
                $"{set.Count} rows are too few to split: train {train.Count}, validation {validation.Count}, test {test.Count} rows after the purge of {set.LabelWindowSlots} slots before each cut. Replay a longer history.");
        }

        return new TimeOrderedSplit(train, validation, test);
    }

    private static RowRange Purge(TrainingSet set, int first, int cut)
    {
        var end = cut;
        while (end > first && cut < set.Count && set.SlotAt(cut) - set.SlotAt(end - 1) <= (ulong)set.LabelWindowSlots)
        {
            end--;
        }

        return new RowRange(first, end - first);
    }
}
