using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Columnar.Records;

/// <summary>Takes a record's next row.</summary>
/// <param name="record">The record.</param>
/// <param name="index">Which row, from 0.</param>
/// <param name="row">The row.</param>
/// <returns>False when the record has no such row.</returns>
internal delegate bool RowReader<TRow>(in RecordView record, int index, out TRow row)
    where TRow : allows ref struct;
