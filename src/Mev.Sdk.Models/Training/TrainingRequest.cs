namespace Mev.Sdk.Models.Training;

/// <summary>What a trainer is asked to do.</summary>
/// <param name="Schema">What the columns mean; names go into the model.</param>
/// <param name="Train">Rows to fit.</param>
/// <param name="Validation">Later rows that tell when to stop.</param>
public sealed record TrainingRequest(FeatureSchema Schema, TrainingRows Train, TrainingRows Validation)
{
    /// <summary>Refuses rows no model can be trained on.</summary>
    /// <exception cref="ArgumentException">There are no rows, their width differs from the schema's, they have one class only, a label is neither 0 nor 1, or every column is constant.</exception>
    public void ThrowIfUntrainable()
    {
        Check(Train, "training");
        Check(Validation, "validation");
        if (!AnyColumnVaries())
        {
            throw new ArgumentException($"Every one of the {Schema.Count} columns is constant over the {Train.Count} training rows: there is nothing to learn from.");
        }
    }

    private void Check(TrainingRows rows, string name)
    {
        if (rows.Count == 0)
        {
            throw new ArgumentException($"There are no {name} rows.");
        }

        if (rows.Features.Length != (long)rows.Count * Schema.Count)
        {
            throw new ArgumentException(
                $"The {name} rows have {rows.Features.Length} values; {rows.Count} rows of the schema's {Schema.Count} columns are {(long)rows.Count * Schema.Count}.");
        }

        if (rows.Labels.Span.ContainsAnyExcept(0f, 1f))
        {
            throw new ArgumentException($"A label of the {name} rows is neither 0 nor 1.");
        }

        var positives = rows.CountPositives();
        if (positives == 0 || positives == rows.Count)
        {
            throw new ArgumentException(
                $"All {rows.Count} {name} rows have the label {(positives == 0 ? 0 : 1)}: a model needs both classes. Take a longer stretch of history, or check that opportunities name their transactions.");
        }
    }

    private bool AnyColumnVaries()
    {
        var values = Train.Features.Span;
        var width = Schema.Count;
        for (var i = width; i < values.Length; i++)
        {
            if (!values[i].Equals(values[i % width]))
            {
                return true;
            }
        }

        return false;
    }
}
