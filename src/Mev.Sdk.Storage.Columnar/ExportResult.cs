namespace Mev.Sdk.Storage.Columnar;

/// <summary>What an export made.</summary>
/// <param name="RecordsRead">Records looked at.</param>
/// <param name="Rows">Rows of the table; 0 makes a file with columns and no rows.</param>
/// <param name="RowGroups">Row groups, or record batches in Arrow.</param>
/// <param name="Bytes">Bytes of the file.</param>
public sealed record ExportResult(long RecordsRead, long Rows, int RowGroups, long Bytes);
