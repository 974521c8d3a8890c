using System.Buffers.Binary;
using System.Globalization;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>What a log's claim in the store says: who seals the log, and which records it puts next; docs/archive-format.md, "One sealer".</summary>
/// <param name="Sealer">The sealer that started last.</param>
/// <param name="Previous">Last LSN before the object that is being put, or was put last; 0 = it is the first one.</param>
/// <param name="End">Last LSN of that object; 0 = none was claimed yet.</param>
internal readonly record struct SealClaim(Guid Sealer, ulong Previous, ulong End)
{
    public const int Size = CrcAt + sizeof(uint);
    private const int SealerAt = 8;
    private const int PreviousAt = SealerAt + 16;
    private const int EndAt = PreviousAt + sizeof(ulong);
    private const int CrcAt = EndAt + sizeof(ulong);

    private static ReadOnlySpan<byte> Magic => "MEVSEAL\n"u8;

    /// <summary>Name of a log's claim.</summary>
    public static string NameOf(ushort logId) => string.Create(CultureInfo.InvariantCulture, $"sealing/{logId:x4}");

    public byte[] Write()
    {
        var bytes = new byte[Size];
        Magic.CopyTo(bytes);
        Sealer.TryWriteBytes(bytes.AsSpan(SealerAt), bigEndian: true, out _);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(PreviousAt), Previous);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(EndAt), End);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(CrcAt), Crc32C.Compute(bytes.AsSpan(0, CrcAt)));
        return bytes;
    }

    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static SealClaim Read(ReadOnlySpan<byte> bytes, string name) =>
        bytes.Length == Size && bytes.StartsWith(Magic) && BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcAt..]) == Crc32C.Compute(bytes[..CrcAt])
            ? new SealClaim(
                new Guid(bytes.Slice(SealerAt, 16), bigEndian: true), BinaryPrimitives.ReadUInt64LittleEndian(bytes[PreviousAt..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[EndAt..]))
            : throw new InvalidDataException($"'{name}' is damaged: it is no claim that matches its CRC-32C. Delete it while no sealer of this log runs; no data is lost.");
}
