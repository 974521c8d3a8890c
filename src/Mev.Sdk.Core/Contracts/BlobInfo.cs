namespace Mev.Sdk;

/// <summary>What a store knows of a blob without reading it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="ETag">What tells this content of the blob from an earlier or later one under the same name; meaningful to its store only, and for equality only.</param>
/// <param name="LastModified">When it was written, by the store's clock, to the second or finer.</param>
public readonly record struct BlobInfo(string Name, long Length, string ETag, DateTimeOffset LastModified);
