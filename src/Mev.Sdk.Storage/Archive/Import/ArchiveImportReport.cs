namespace Mev.Sdk.Storage.Archive.Import;

/// <summary>What an import did.</summary>
/// <param name="Files">Files taken.</param>
/// <param name="FilesBefore">Files that earlier runs had taken.</param>
/// <param name="Transactions">Transactions taken.</param>
/// <param name="FileBytes">Bytes of the files taken, as they lie in the folder.</param>
/// <param name="JsonBytes">Bytes of the same as compact JSON.</param>
/// <param name="Objects">Objects written.</param>
/// <param name="ObjectBytes">Bytes of them.</param>
/// <param name="FirstLsn">LSN of the first record; <see cref="Lsn.None"/> when there is none.</param>
/// <param name="LastLsn">LSN of the last record.</param>
/// <param name="Problems">Files that could not be taken.</param>
/// <param name="IsComplete">False when the import stopped at a bad file.</param>
public sealed record ArchiveImportReport(
    int Files,
    int FilesBefore,
    long Transactions,
    long FileBytes,
    long JsonBytes,
    int Objects,
    long ObjectBytes,
    Lsn FirstLsn,
    Lsn LastLsn,
    IReadOnlyList<ArchiveImportProblem> Problems,
    bool IsComplete);
