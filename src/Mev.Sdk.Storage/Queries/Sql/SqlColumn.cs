using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Queries;

/// <summary>A column within a statement.</summary>
/// <param name="Text">How it is written.</param>
/// <param name="Column">What it is.</param>
/// <param name="Form">How the database holds it.</param>
/// <param name="IsSmall">Whether all its numbers that can be met are below 2^63.</param>
internal readonly record struct SqlColumn(string Text, HistoryColumn Column, SqlColumnForm Form, bool IsSmall)
{
    public ColumnType Type => Column.Type;
}
