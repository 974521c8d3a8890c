namespace Mev.Sdk.Storage.Archive;

/// <summary>How one archive object is written. Read once, when the writer is made.</summary>
public sealed class ArchiveWriterOptions
{
    /// <summary>Frame bytes of the root, which a reader decodes once to read any leaf, 4 KiB to 64 MiB; a longer single frame is taken. Default 2 MiB.</summary>
    public int RootBytes { get; set; } = 2 << 20;

    /// <summary>Frame bytes of a leaf, 1 KiB to 64 MiB; a longer single frame is taken. Longer ones are a little smaller stored, and take longer to read one transaction of. Default 256 KiB.</summary>
    public int LeafBytes { get; set; } = 256 << 10;

    /// <summary>The archive key to encrypt under; none when null. Default null.</summary>
    public ArchiveKey? Key { get; set; }

    /// <summary>The key dictionary to lean on; it must be in the store before the object is. None when null. Default null.</summary>
    public KeyDictionary? Dictionary { get; set; }

    /// <summary>Lists what is wrong with the options.</summary>
    /// <param name="section">Configuration key of the options, for the messages.</param>
    /// <returns>One message a problem, with key and remedy; empty when there is none.</returns>
    public IEnumerable<string> Validate(string section = "Mev:Storage:Archive")
    {
        if (RootBytes is < 4 << 10 or > 64 << 20)
            yield return $"{section}:{nameof(RootBytes)} is {RootBytes}: set {4 << 10} to {64 << 20}.";
        if (LeafBytes is < 1 << 10 or > 64 << 20)
            yield return $"{section}:{nameof(LeafBytes)} is {LeafBytes}: set {1 << 10} to {64 << 20}.";
    }
}
