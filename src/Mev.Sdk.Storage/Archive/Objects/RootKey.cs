namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>Which root: that of the object of this name whose directory is these very bytes. They say header, keys, place and checksum of the root; an object's id alone is what anybody can write.</summary>
/// <param name="Name">The object's name.</param>
/// <param name="Directory">SHA-256 of its directory, in hexadecimal digits.</param>
internal readonly record struct RootKey(string Name, string Directory);
