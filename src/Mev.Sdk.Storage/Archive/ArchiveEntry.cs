namespace Mev.Sdk.Storage.Archive;

/// <summary>An object of an archive, as its store lists it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="FirstLsn">LSN of its first record.</param>
/// <param name="LastLsn">LSN of its last record.</param>
/// <param name="Length">Its length, bytes.</param>
public readonly record struct ArchiveEntry(string Name, Lsn FirstLsn, Lsn LastLsn, long Length)
{
    /// <summary>The store's mark of this version of it; null when nobody asked the store. An object that was restored from a copy has another one.</summary>
    public string? ETag { get; init; }
}
