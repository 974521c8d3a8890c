namespace Mev.Sdk.Storage.Queries;

/// <summary>How much a <see cref="HistoryQuery"/> may ask for, whoever asks.</summary>
public static class HistoryLimits
{
    /// <summary>Rows or groups of an answer.</summary>
    public const int Rows = 100_000;

    /// <summary>Parts of <see cref="HistoryQuery.GroupBy"/>.</summary>
    public const int Groups = 4;

    /// <summary>Figures in <see cref="HistoryQuery.Aggregates"/>.</summary>
    public const int Aggregates = 16;

    /// <summary>Parts of <see cref="HistoryQuery.Order"/>.</summary>
    public const int Orders = 6;

    /// <summary>Conditions, combinations counted too.</summary>
    public const int Filters = 64;

    /// <summary>How deep conditions are nested.</summary>
    public const int FilterDepth = 8;

    /// <summary>Values of one <see cref="HistoryTest.In"/>.</summary>
    public const int Values = 1_000;

    /// <summary>Characters of a name.</summary>
    public const int NameLength = 64;
}
