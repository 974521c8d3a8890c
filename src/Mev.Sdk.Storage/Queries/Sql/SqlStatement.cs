namespace Mev.Sdk.Storage.Queries;

/// <summary>A <see cref="HistoryQuery"/> in the words of one database.</summary>
/// <param name="Text">One statement, made of this package's words, of names of the catalogue and of numbers; whatever comes from outside is a parameter.</param>
/// <param name="Parameters">In order.</param>
/// <param name="Fields">How the result is read.</param>
public sealed record SqlStatement(string Text, IReadOnlyList<SqlParameter> Parameters, IReadOnlyList<SqlField> Fields);
