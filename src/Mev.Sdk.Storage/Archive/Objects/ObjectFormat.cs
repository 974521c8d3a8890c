namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>Numbers of the object's layout, docs/archive-format.md, "Object". Part of the format: none of them ever changes.</summary>
internal static class ObjectFormat
{
    public const int Version = 1;
    public const int HeaderSize = 128;
    public const int TrailerSize = 64;
    public const int ObjectIdSize = 16;
    public const int DictionaryHashSize = 32;
    public const int TagSize = 16;
    public const int NonceSize = 12;

    /// <summary>Nonce, encrypted key and tag.</summary>
    public const int WrappedKeySize = NonceSize + IKeyProvider.KeySize + TagSize;

    public const uint RootOrdinal = 0;
    public const uint BlockIndexOrdinal = 0xFFFF_FFF0;
    public const uint SignatureIndexOrdinal = 0xFFFF_FFF1;
    public const uint DirectoryOrdinal = 0xFFFF_FFF2;

    /// <summary>Most blocks of an object, the root included.</summary>
    public const int MaxBlocks = 1 << 22;

    /// <summary>Most bytes of a directory: some 600 are used.</summary>
    public const int MaxDirectoryBytes = 1 << 16;

    /// <summary>Most stored bytes of any other section. A block of 256 MiB that does not compress fits.</summary>
    public const int MaxSectionBytes = 1 << 30;

    /// <summary>Most stored bytes of a root, four times what a writer puts into one.</summary>
    public const int MaxRootBytes = 1 << 28;

    /// <summary>Most bytes of an index of nothing.</summary>
    public const int MaxIndexBytes = 4096;

    /// <summary>Most bytes of a block in the blocks' index.</summary>
    public const int MaxBytesOfBlock = 96;

    /// <summary>Most bytes of a sighting in the signature index, its share of a shard included; some 4 are used.</summary>
    public const long MaxBytesOfSighting = 16;

    public static ReadOnlySpan<byte> HeaderMagic => "MEVARC1\n"u8;

    public static ReadOnlySpan<byte> TrailerMagic => "1CRAVEM\n"u8;
}
