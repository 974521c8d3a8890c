namespace Mev.Sdk.Storage.Archive.Import;

/// <summary>A file that could not be taken. Nothing of it is in the archive.</summary>
/// <param name="File">Its path within the imported folder.</param>
/// <param name="Problem">Where and what is wrong.</param>
public sealed record ArchiveImportProblem(string File, string Problem)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}: {Problem}";
}
