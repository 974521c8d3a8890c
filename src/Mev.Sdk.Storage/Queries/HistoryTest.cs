namespace Mev.Sdk.Storage.Queries;

/// <summary>What a <see cref="HistoryFilter"/> asks of a column. A null passes <see cref="IsNull"/> only.</summary>
public enum HistoryTest
{
    /// <summary>Equal to the value.</summary>
    Equal = 0,

    /// <summary>Anything but the value.</summary>
    NotEqual,

    /// <summary>Before the value; not for <see cref="Mev.Sdk.Storage.Relational.ColumnType.Boolean"/>.</summary>
    Less,

    /// <summary>Before the value, or it; not for <see cref="Mev.Sdk.Storage.Relational.ColumnType.Boolean"/>.</summary>
    LessOrEqual,

    /// <summary>Behind the value; not for <see cref="Mev.Sdk.Storage.Relational.ColumnType.Boolean"/>.</summary>
    Greater,

    /// <summary>Behind the value, or it; not for <see cref="Mev.Sdk.Storage.Relational.ColumnType.Boolean"/>.</summary>
    GreaterOrEqual,

    /// <summary>One of the values.</summary>
    In,

    /// <summary>Null.</summary>
    IsNull,

    /// <summary>Not null.</summary>
    IsNotNull,

    /// <summary>At least one bit of the value is set; for unsigned columns.</summary>
    AnyBits,

    /// <summary>No bit of the value is set; for unsigned columns.</summary>
    NoBits,
}
