namespace Mev.Sdk.Storage.Archive;

/// <summary>How a host archives its journal. Read once, at start. Configuration shape: <c>Mev:Storage:Archive:*</c>.</summary>
public sealed class ArchiveOptions
{
    /// <summary>Folder of the archive when no other <see cref="IBlobStore"/> is registered; relative to the current directory unless rooted. Default empty: the data directory's <c>archive</c>.</summary>
    public string Directory { get; set; } = "";

    /// <summary>Folder where an object is put together before it goes to the store, as large as one object; relative to the current directory unless rooted. Default empty: the data directory's <c>archive-spool</c>.</summary>
    public string SpoolDirectory { get; set; } = "";

    /// <summary>
    /// Frame bytes after which an object ends, 1 MiB to 8 GiB. Default 512 MiB: about what a journal segment of 256 MiB on disk holds, some 30 to 60 MiB stored.
    /// </summary>
    public long ObjectBytes { get; set; } = 512L << 20;

    /// <summary>Longest time that a record waits for its object to fill, 1 s to 30 days; then a smaller object is written. Default 1 h.</summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Frame bytes of an object's root, 4 KiB to 64 MiB; see <see cref="ArchiveWriterOptions.RootBytes"/>. Default 2 MiB.</summary>
    public int RootBytes { get; set; } = new ArchiveWriterOptions().RootBytes;

    /// <summary>Frame bytes of a leaf, 1 KiB to 64 MiB; see <see cref="ArchiveWriterOptions.LeafBytes"/>. Default 256 KiB.</summary>
    public int LeafBytes { get; set; } = new ArchiveWriterOptions().LeafBytes;

    /// <summary>Hash (64 hexadecimal digits) of the key dictionary that new objects lean on; it must be in the store. Default empty: none.</summary>
    public string Dictionary { get; set; } = "";

    /// <summary>Whether new objects are encrypted. Default <see cref="ArchiveEncryption.WithMasterKey"/>.</summary>
    public ArchiveEncryption Encryption { get; set; } = ArchiveEncryption.WithMasterKey;

    /// <summary>Wait after a first failure, doubled with each further one, 10 ms to 1 min. Default 1 s.</summary>
    public TimeSpan FirstRetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait between tries, at least <see cref="FirstRetryDelay"/>, at most 1 h. Default 1 min.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>What readers take, and how much they keep in memory.</summary>
    public ArchiveReaderOptions Reader { get; set; } = new();

    /// <summary>Lists what is wrong with the options.</summary>
    /// <param name="section">Configuration key of the options, for the messages.</param>
    /// <returns>One message a problem, with key and remedy; empty when there is none.</returns>
    public IEnumerable<string> Validate(string section = "Mev:Storage:Archive")
    {
        if (ObjectBytes is < 1 << 20 or > 8L << 30)
            yield return $"{section}:{nameof(ObjectBytes)} is {ObjectBytes}: set {1 << 20} to {8L << 30}.";
        if (MaxDelay < TimeSpan.FromSeconds(1) || MaxDelay > TimeSpan.FromDays(30))
            yield return $"{section}:{nameof(MaxDelay)} is {MaxDelay}: set 00:00:01 to 30.00:00:00.";
        if (!string.IsNullOrEmpty(Dictionary) && (Dictionary.Length != 2 * KeyDictionary.HashSize || !Dictionary.All(char.IsAsciiHexDigit)))
            yield return $"{section}:{nameof(Dictionary)} is '{Dictionary}': set the {2 * KeyDictionary.HashSize} hexadecimal digits of a generation, or leave it empty.";
        if (!Enum.IsDefined(Encryption))
            yield return $"{section}:{nameof(Encryption)} is {Encryption}: set WithMasterKey, Required or Off.";
        if (FirstRetryDelay < TimeSpan.FromMilliseconds(10) || FirstRetryDelay > TimeSpan.FromMinutes(1))
            yield return $"{section}:{nameof(FirstRetryDelay)} is {FirstRetryDelay}: set 00:00:00.010 to 00:01:00.";
        if (MaxRetryDelay < FirstRetryDelay || MaxRetryDelay > TimeSpan.FromHours(1))
            yield return $"{section}:{nameof(MaxRetryDelay)} is {MaxRetryDelay}: set {nameof(FirstRetryDelay)} to 01:00:00.";
        foreach (var problem in new ArchiveWriterOptions { RootBytes = RootBytes, LeafBytes = LeafBytes }.Validate(section).Concat(Reader.Validate($"{section}:{nameof(Reader)}")))
            yield return problem;
    }

    /// <summary>A copy with a spool folder.</summary>
    internal ArchiveOptions With(string spoolDirectory)
    {
        var copy = (ArchiveOptions)MemberwiseClone();
        copy.SpoolDirectory = spoolDirectory;
        return copy;
    }
}
