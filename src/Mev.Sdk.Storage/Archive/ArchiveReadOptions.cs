namespace Mev.Sdk.Storage.Archive;

/// <summary>How one reading of an archive goes.</summary>
public sealed class ArchiveReadOptions
{
    /// <summary>
    /// Told of each damaged part, whose records are then left out unless another object holds them too, on the reader's thread; null = the reading ends with an <see cref="InvalidDataException"/>. A damaged block costs its own records; a
    /// damaged end costs its object. Default null.
    /// </summary>
    public Action<ArchiveDamage>? OnDamage { get; set; }
}
