namespace Mev.Sdk.Storage.Queries;

/// <summary>A question that a dashboard asks by name.</summary>
/// <param name="Name">A stable word of lower-case letters and hyphens.</param>
/// <param name="Title">What it is about, for people.</param>
/// <param name="Query">The question, of the whole history: give it a <see cref="HistoryQuery.Span"/>.</param>
public sealed record HistoryQuestion(string Name, string Title, HistoryQuery Query);
