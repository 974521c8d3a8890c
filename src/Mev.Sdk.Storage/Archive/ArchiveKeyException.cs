namespace Mev.Sdk.Storage.Archive;

/// <summary>Something of an archive is encrypted with a key that is not there, or with another one of the same id.</summary>
public sealed class ArchiveKeyException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="blobName">What cannot be read.</param>
    /// <param name="keyId">The key's id.</param>
    /// <param name="message">What is wrong and what to do.</param>
    public ArchiveKeyException(string blobName, Guid keyId, string message)
        : base(message)
    {
        BlobName = blobName;
        KeyId = keyId;
    }

    /// <summary>What cannot be read: an object, or an archive key.</summary>
    public string BlobName { get; }

    /// <summary>Id of the key that is needed.</summary>
    public Guid KeyId { get; }

    internal static ArchiveKeyException OfObject(string name, Guid keyId, string problem) =>
        new(name, keyId, $"The archive object '{name}' is encrypted under the archive key {keyId:N}: {problem}. Nothing was changed.");

    internal static ArchiveKeyException OfMaster(string name, Guid masterKeyId, string problem) =>
        new(name, masterKeyId, $"The archive key '{name}' is wrapped by the master key {masterKeyId:N}, which {problem}: set Mev:Storage:Journal:Encryption:Keys:{masterKeyId:N} to its 32 bytes "
            + "(base64 or hexadecimal), or register an IKeyProvider that has it. Nothing was changed.");
}
