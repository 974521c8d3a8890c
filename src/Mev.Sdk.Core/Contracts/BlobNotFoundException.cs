namespace Mev.Sdk;

/// <summary>There is no blob of the name that was asked for.</summary>
public sealed class BlobNotFoundException : IOException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="blobName">The name that was asked for.</param>
    /// <param name="message">Which blob of which store.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public BlobNotFoundException(string blobName, string message, Exception? innerException = null)
        : base(message, innerException) => BlobName = blobName;

    /// <summary>The name that was asked for.</summary>
    public string BlobName { get; }
}
