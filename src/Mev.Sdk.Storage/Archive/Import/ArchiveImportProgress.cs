namespace Mev.Sdk.Storage.Archive.Import;

/// <summary>How far an import is.</summary>
/// <param name="Files">Files done, those of earlier runs and bad ones included.</param>
/// <param name="FilesTotal">Files there are.</param>
/// <param name="Bytes">Bytes of the files done, as they lie in the folder.</param>
/// <param name="BytesTotal">Bytes of all files.</param>
/// <param name="Transactions">Transactions taken by this run.</param>
/// <param name="Problems">Files that could not be taken.</param>
/// <param name="Objects">Objects written by this run.</param>
/// <param name="BytesPerSecond">Bytes of files a second, of this run; 0 = not known yet.</param>
/// <param name="Remaining">Time left at that rate; null = not known yet.</param>
/// <param name="File">The file done last; empty at the beginning.</param>
public sealed record ArchiveImportProgress(
    int Files, int FilesTotal, long Bytes, long BytesTotal, long Transactions, int Problems, int Objects, double BytesPerSecond, TimeSpan? Remaining, string File);
