namespace Mev.Sdk.Storage.Archive;

/// <summary>What a reader of archive objects takes, and how much it keeps in memory. Read once, when it is made.</summary>
public sealed class ArchiveReaderOptions
{
    /// <summary>
    /// Bytes of what roots taught that are kept, 1 MiB to 64 GiB, some MiB an object; beyond it the one asked for longest ago is decoded anew. A quarter as much again is kept of roots as they are
    /// stored, which are then decoded without a request. Default 96 MiB.
    /// </summary>
    public long RootCacheBytes { get; set; } = 96L << 20;

    /// <summary>
    /// Bytes of objects' indexes that are kept, 1 MiB to 64 GiB, about 3 bytes a transaction; beyond it the one asked for longest ago is read anew, with one request. A search through all objects puts
    /// none of them out: what does not fit is read anew in each. Default 256 MiB.
    /// </summary>
    public long IndexCacheBytes { get; set; } = 256L << 20;

    /// <summary>Stored bytes of adjacent blocks that a range is read by with one request, 64 KiB to 256 MiB. Default 4 MiB.</summary>
    public int ReadAheadBytes { get; set; } = 4 << 20;

    /// <summary>
    /// Whether an object that is not encrypted is refused as damaged, since whoever can write to the store could have put it there. Default null: in a host, when
    /// <see cref="ArchiveOptions.Encryption"/> is <see cref="ArchiveEncryption.Required"/>; elsewhere no. False reads what was written before encryption was required.
    /// </summary>
    public bool? RequireEncryption { get; set; }

    /// <summary>Lists what is wrong with the options.</summary>
    /// <param name="section">Configuration key of the options, for the messages.</param>
    /// <returns>One message a problem, with key and remedy; empty when there is none.</returns>
    public IEnumerable<string> Validate(string section = "Mev:Storage:Archive:Reader")
    {
        if (RootCacheBytes is < 1 << 20 or > 64L << 30)
            yield return $"{section}:{nameof(RootCacheBytes)} is {RootCacheBytes}: set {1 << 20} to {64L << 30}.";
        if (IndexCacheBytes is < 1 << 20 or > 64L << 30)
            yield return $"{section}:{nameof(IndexCacheBytes)} is {IndexCacheBytes}: set {1 << 20} to {64L << 30}.";
        if (ReadAheadBytes is < 64 << 10 or > 256 << 20)
            yield return $"{section}:{nameof(ReadAheadBytes)} is {ReadAheadBytes}: set {64 << 10} to {256 << 20}.";
    }

    /// <summary>A copy that requires encryption as new objects do, unless it says itself.</summary>
    internal ArchiveReaderOptions For(ArchiveEncryption encryption)
    {
        var copy = (ArchiveReaderOptions)MemberwiseClone();
        copy.RequireEncryption ??= encryption == ArchiveEncryption.Required;
        return copy;
    }

    internal ArchiveReaderOptions Checked()
    {
        var problems = string.Join(' ', Validate());
        return problems.Length == 0 ? this : throw new ArgumentException(problems);
    }
}
