namespace Mev.Sdk.Storage.Columnar;

/// <summary>How far an export is.</summary>
/// <param name="RecordsRead">Records looked at.</param>
/// <param name="Rows">Rows taken.</param>
/// <param name="BytesWritten">Bytes of the file so far.</param>
/// <param name="Lsn">LSN of the record looked at last.</param>
public sealed record ExportProgress(long RecordsRead, long Rows, long BytesWritten, Lsn Lsn);
