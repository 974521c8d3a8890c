namespace Mev.Sdk;

/// <summary>A blob was not written or deleted since the <see cref="BlobCondition"/> did not hold: somebody else was first, or changed it meanwhile.</summary>
public sealed class BlobConditionFailedException : IOException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="blobName">The blob's name.</param>
    /// <param name="message">Which blob of which store, and what was found.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public BlobConditionFailedException(string blobName, string message, Exception? innerException = null)
        : base(message, innerException) => BlobName = blobName;

    /// <summary>The blob's name.</summary>
    public string BlobName { get; }
}
