namespace Mev.Sdk.Storage.Relational;

/// <summary>A column of a <see cref="HistoryTable"/>, the same in every database.</summary>
/// <remarks>Immutable.</remarks>
public sealed class HistoryColumn
{
    internal HistoryColumn(string name, int ordinal, ColumnType type, string description, string? nullMeaning, bool isReproducible)
    {
        Name = name;
        Ordinal = ordinal;
        Type = type;
        Description = description;
        NullMeaning = nullMeaning;
        IsReproducible = isReproducible;
    }

    /// <summary>Its name: lower case with underscores; stable.</summary>
    public string Name { get; }

    /// <summary>Its place in <see cref="HistoryTable.Columns"/> and in a row, from 0.</summary>
    public int Ordinal { get; }

    /// <summary>What it holds.</summary>
    public ColumnType Type { get; }

    /// <summary>What it says, with its unit.</summary>
    public string Description { get; }

    /// <summary>What null means in it; null for a column that is never null.</summary>
    public string? NullMeaning { get; }

    /// <summary>Whether it may be null.</summary>
    public bool IsNullable => NullMeaning is not null;

    /// <summary>Whether building the table again from the log gives the same value; false for what the host's clock said while storing.</summary>
    public bool IsReproducible { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Type}{(IsNullable ? "?" : "")}";
}
