namespace Mev.Sdk.Storage.Queries;

/// <summary>What a question found.</summary>
public sealed class HistoryAnswer
{
    /// <summary>The columns of the answer.</summary>
    public required IReadOnlyList<HistoryField> Fields { get; init; }

    /// <summary>Rows or groups, in the order of the query.</summary>
    public required IReadOnlyList<HistoryRow> Rows { get; init; }

    /// <summary>For <see cref="HistoryQuery.After"/> of the next page; empty when there is none.</summary>
    public required IReadOnlyList<HistoryValue> Next { get; init; }

    /// <summary>What of the history is not in it: what failed, when a partial answer was asked for. Empty when it is whole.</summary>
    public required IReadOnlyList<HistoryMissing> Missing { get; init; }

    /// <summary>Who contributed what.</summary>
    public required IReadOnlyList<HistoryShare> Shares { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Whether everything that the stores hold of the asked range is in it.</summary>
    public bool IsComplete => Missing.Count == 0;

    /// <summary>The place of a field.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Its place from 0.</returns>
    /// <exception cref="KeyNotFoundException">The answer has no such field.</exception>
    public int FieldAt(string name)
    {
        for (var i = 0; i < Fields.Count; i++)
        {
            if (Fields[i].Name == name)
            {
                return i;
            }
        }

        throw new KeyNotFoundException($"The answer has no field '{name}'; it has {string.Join(", ", Fields.Select(static f => f.Name))}.");
    }
}
