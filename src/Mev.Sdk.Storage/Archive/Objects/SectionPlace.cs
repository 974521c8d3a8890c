namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>Where a section stands, and the checksum of what is stored there.</summary>
internal readonly record struct SectionPlace(long Offset, int Length, uint Crc32C)
{
    public long End => Offset + Length;
}
