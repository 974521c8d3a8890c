namespace Mev.Sdk.Wire;

/// <summary>Constants of the wire format; docs/wire-format.md is their source.</summary>
public static class WireFormat
{
    /// <summary>Schema id in every frame: "MS" read as a little-endian number.</summary>
    public const ushort SchemaId = 0x4D53;

    /// <summary>The schema version this code writes.</summary>
    public const ushort Version = 1;

    /// <summary>Frames, fixed blocks and group entries are multiples of this many bytes.</summary>
    public const int Alignment = 8;

    /// <summary>The limit on a frame's length unless configured otherwise, in bytes: 8 MiB.</summary>
    public const int DefaultMaxFrameBytes = 8 << 20;

    /// <summary>Bytes of a group's dimension.</summary>
    public const int GroupDimensionSize = 8;

    /// <summary>Bytes of a variable-length field's length prefix.</summary>
    public const int DataLengthSize = 4;

    /// <summary>Rounds a size up to <see cref="Alignment"/>.</summary>
    /// <param name="size">Bytes.</param>
    /// <returns>The padded size.</returns>
    public static int Align(int size) => checked(size + (Alignment - 1)) & ~(Alignment - 1);
}
