using Mev.Sdk.Storage.Archive.Objects;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Tests.Archive.Objects;

/// <summary>Changes objects and repairs their checksums, as somebody would who has the store and not the key.</summary>
internal static class Tamper
{
    /// <summary>Writes a directory, its tag as it was, and a trailer that fits.</summary>
    public static void WriteDirectory(MemoryBlobStore store, string name, byte[] original, ObjectFile file)
    {
        var old = original.AsSpan((int)file.Trailer.Directory.Offset, file.Trailer.Directory.Length);
        var fields = file.Directory.Write(null);

        // What Write leaves out without a cipher: wrapped key and tag, as they stood.
        byte[] bytes = [.. fields, .. old[fields.Length..]];
        var end = new byte[ObjectFormat.TrailerSize];
        (file.Trailer with { Directory = file.Trailer.Directory with { Length = bytes.Length, Crc32C = Crc32C.Compute(bytes) } }).Write(end);
        store[name] = [.. original.AsSpan(0, (int)file.Trailer.Directory.Offset), .. bytes, .. end];
    }
}
