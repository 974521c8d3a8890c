namespace Mev.Sdk.Storage.AzureBlobs;

/// <summary>Which container an <see cref="AzureBlobStore"/> uses, and how. Read once, when it is made.</summary>
public sealed class AzureBlobOptions
{
    /// <summary>The container; it must be there. Required.</summary>
    public string Container { get; set; } = "";

    /// <summary>What is put in front of every blob's name: parts as of a name, with <c>/</c> at the end, so that several archives share a container. Default empty.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>Connection string of the storage account, key or shared access signature included. Never logged. Required unless the store is given a client. Default empty.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// Bytes of a block, 1,048,576 to 1,073,741,824; two of them are in memory for each blob being written. What fits into one block is sent at once; a blob has at most 50,000
    /// blocks. Default 16,777,216, which allows blobs of 780 GiB.
    /// </summary>
    public int BlockBytes { get; set; } = 16 << 20;

    /// <summary>How often a request that failed for a reason that may pass is sent again, 0 to 20. Default 4.</summary>
    public int MaxRetries { get; set; } = 4;

    /// <summary>Longest time the network may be silent during one try of a request, a second to an hour. Default 00:02:00.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Lists what is wrong with the options.</summary>
    /// <param name="section">Configuration key of the options, for the messages.</param>
    /// <returns>One message a problem, with key and remedy and without secrets; empty when there is none.</returns>
    public IEnumerable<string> Validate(string section = "Mev:Storage:AzureBlobs") => Validate(section, needsConnection: true);

    internal IEnumerable<string> Validate(string section, bool needsConnection)
    {
        if (string.IsNullOrWhiteSpace(Container))
            yield return $"{section}:{nameof(Container)} is empty: set the container that holds the archive.";
        if (Prefix.Length > 0 && !(Prefix.EndsWith('/') && Prefix.Length <= 200 && BlobName.IsValid(Prefix.AsSpan()[..^1])))
            yield return $"{section}:{nameof(Prefix)} is '{Prefix}': set parts of A-Z, a-z, 0-9, '.', '_' and '-', each with a '/' behind it, 200 characters together, or nothing.";
        if (needsConnection && string.IsNullOrWhiteSpace(ConnectionString))
            yield return $"{section}:{nameof(ConnectionString)} is empty: set the storage account's connection string, or give the store a client of your own (managed identities do that).";
        if (BlockBytes is < 1 << 20 or > 1 << 30)
            yield return $"{section}:{nameof(BlockBytes)} is {BlockBytes}: set 1048576 to 1073741824.";
        if (MaxRetries is < 0 or > 20)
            yield return $"{section}:{nameof(MaxRetries)} is {MaxRetries}: set 0 to 20.";
        if (Timeout < TimeSpan.FromSeconds(1) || Timeout > TimeSpan.FromHours(1))
            yield return $"{section}:{nameof(Timeout)} is {Timeout}: set 00:00:01 to 01:00:00.";
    }
}
