namespace Mev.Sdk.Storage.S3;

/// <summary>Which bucket an <see cref="S3BlobStore"/> uses, and how. Read once, when it is made.</summary>
public sealed class S3Options
{
    /// <summary>The bucket; it must be there. Required.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>What is put in front of every blob's name: parts as of a name, with <c>/</c> at the end, so that several archives share a bucket. Default empty.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>Address of a server that is not Amazon's, such as <c>https://s3.example.org</c>. Default empty: Amazon's in <see cref="Region"/>.</summary>
    public string ServiceUrl { get; set; } = "";

    /// <summary>The region: part of Amazon's addresses and of every signature. Default empty: as the environment says, else <c>us-east-1</c> with a <see cref="ServiceUrl"/>.</summary>
    public string Region { get; set; } = "";

    /// <summary>Whether the bucket stands in the path of an address and not in its host, as most servers but Amazon's want it. Default false.</summary>
    public bool ForcePathStyle { get; set; }

    /// <summary>Id of the access key. Default empty: as the environment says (variables, profile, role), which keeps secrets out of the configuration.</summary>
    public string AccessKeyId { get; set; } = "";

    /// <summary>The access key's secret; with <see cref="AccessKeyId"/> only. Never logged. Default empty.</summary>
    public string SecretAccessKey { get; set; } = "";

    /// <summary>
    /// Bytes of a part, 5,242,880 (S3's least) to 1,073,741,824; two of them are in memory for each blob being written. What fits into one part is sent at once; a blob has at most 10,000
    /// parts. Default 16,777,216, which allows blobs of 160 GiB.
    /// </summary>
    public int PartBytes { get; set; } = 16 << 20;

    /// <summary>How often a request that failed for a reason that may pass is sent again, 0 to 20. Default 4.</summary>
    public int MaxRetries { get; set; } = 4;

    /// <summary>Longest time one try of a request may take, a second to an hour. Default 00:02:00.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Lists what is wrong with the options.</summary>
    /// <param name="section">Configuration key of the options, for the messages.</param>
    /// <returns>One message a problem, with key and remedy and without secrets; empty when there is none.</returns>
    public IEnumerable<string> Validate(string section = "Mev:Storage:S3")
    {
        if (string.IsNullOrWhiteSpace(Bucket))
            yield return $"{section}:{nameof(Bucket)} is empty: set the bucket that holds the archive.";
        if (Prefix.Length > 0 && !(Prefix.EndsWith('/') && Prefix.Length <= 200 && BlobName.IsValid(Prefix.AsSpan()[..^1])))
            yield return $"{section}:{nameof(Prefix)} is '{Prefix}': set parts of A-Z, a-z, 0-9, '.', '_' and '-', each with a '/' behind it, 200 characters together, or nothing.";
        if (ServiceUrl.Length > 0 && !(Uri.TryCreate(ServiceUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
            yield return $"{section}:{nameof(ServiceUrl)} is '{ServiceUrl}': set an address such as https://s3.example.org, or nothing for Amazon's.";
        if (AccessKeyId.Length > 0 != SecretAccessKey.Length > 0)
            yield return $"{section}:{nameof(AccessKeyId)} and {nameof(SecretAccessKey)} belong together: set both, or neither to use those of the environment.";
        if (PartBytes is < 5 << 20 or > 1 << 30)
            yield return $"{section}:{nameof(PartBytes)} is {PartBytes}: set 5242880 to 1073741824.";
        if (MaxRetries is < 0 or > 20)
            yield return $"{section}:{nameof(MaxRetries)} is {MaxRetries}: set 0 to 20.";
        if (Timeout < TimeSpan.FromSeconds(1) || Timeout > TimeSpan.FromHours(1))
            yield return $"{section}:{nameof(Timeout)} is {Timeout}: set 00:00:01 to 01:00:00.";
    }
}
