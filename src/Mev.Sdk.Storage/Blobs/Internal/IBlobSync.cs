namespace Mev.Sdk.Storage.Blobs;

/// <summary>A store in which a blob may be seen a moment before it survives a loss of power: its writer may have been killed in between.</summary>
internal interface IBlobSync
{
    /// <summary>Makes a blob that is there durable.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="IOException">It cannot be.</exception>
    void Sync(string name);
}
