using Mev.Sdk.Storage.Columnar.Columns;

namespace Mev.Sdk.Storage.Columnar;

/// <summary>Puts a row's value of one column behind those before it.</summary>
internal delegate void CellAppender<TRow>(in TRow row, ColumnBuffer buffer)
    where TRow : allows ref struct;
