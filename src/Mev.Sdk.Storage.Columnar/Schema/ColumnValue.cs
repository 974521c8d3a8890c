namespace Mev.Sdk.Storage.Columnar;

/// <summary>Takes a column's value from a row.</summary>
/// <typeparam name="TRow">What a row is made from.</typeparam>
/// <typeparam name="TValue">The column's type.</typeparam>
/// <param name="row">The row.</param>
/// <returns>The value.</returns>
public delegate TValue ColumnValue<TRow, out TValue>(in TRow row)
    where TRow : allows ref struct
    where TValue : allows ref struct;
