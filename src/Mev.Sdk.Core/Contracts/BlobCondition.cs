namespace Mev.Sdk;

/// <summary>What must be so for a blob to be written or deleted.</summary>
public readonly record struct BlobCondition
{
    private BlobCondition(bool requiresAbsence, string? etag)
    {
        RequiresAbsence = requiresAbsence;
        RequiredETag = etag;
    }

    /// <summary>Nothing: what is there is replaced. The default.</summary>
    public static BlobCondition None => default;

    /// <summary>No blob has the name: of several writers one wins.</summary>
    public static BlobCondition IfAbsent => new(requiresAbsence: true, null);

    /// <summary>Whether no blob may have the name.</summary>
    public bool RequiresAbsence { get; }

    /// <summary>The <see cref="BlobInfo.ETag"/> that the blob must have; null = any.</summary>
    public string? RequiredETag { get; }

    /// <summary>The blob is there and has not changed.</summary>
    /// <param name="etag">Its <see cref="BlobInfo.ETag"/> when it was looked at.</param>
    /// <returns>The condition.</returns>
    /// <exception cref="ArgumentException"><paramref name="etag"/> is empty.</exception>
    public static BlobCondition IfMatch(string etag)
    {
        ArgumentException.ThrowIfNullOrEmpty(etag);
        return new BlobCondition(requiresAbsence: false, etag);
    }
}
