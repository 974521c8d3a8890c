namespace Mev.Sdk.Storage.Queries;

/// <summary>A column of an answer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What its values are, where they are not null.</param>
public sealed record HistoryField(string Name, HistoryValueKind Kind);
