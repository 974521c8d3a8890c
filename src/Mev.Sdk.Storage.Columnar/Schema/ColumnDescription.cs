namespace Mev.Sdk.Storage.Columnar;

/// <summary>One column of a table.</summary>
/// <param name="Name">Its name, unique in the table.</param>
/// <param name="Type">What its values are.</param>
/// <param name="Width">Bytes of a value; 0 where values differ in length.</param>
/// <param name="IsNullable">Whether a row may have none.</param>
public sealed record ColumnDescription(string Name, ColumnType Type, int Width, bool IsNullable)
{
    /// <summary>Whether Parquet files get a Bloom filter of it in each row group: for values that are looked for and that no order narrows down.</summary>
    internal bool HasBloomFilter { get; init; }
}
