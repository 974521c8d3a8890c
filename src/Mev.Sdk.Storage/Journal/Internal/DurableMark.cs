using System.Buffers.Binary;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Journal;

/// <summary>Tells other processes how far the last segment is durable; docs/journal-format.md, "durable".</summary>
internal readonly record struct DurableMark(uint Segment, long Length, Lsn DurableLsn, bool IsSynced)
{
    public const string FileName = "durable";
    private const int Size = 48;
    private const int Crc32COffset = 44;
    private const ulong Magic = 0x1A_52_55_44_4A_56_45_4D; // "MEVJDUR" and 0x1A

    public void WriteTo(JournalFile file, ushort logId)
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], 1);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[10..], logId);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], Segment);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], Length);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], DurableLsn.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[32..], IsSynced ? 1u : 0);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[Crc32COffset..], Crc32C.Compute(bytes[..Crc32COffset]));
        file.Write(bytes, 0);
    }

    /// <returns>The mark; null when there is none, it is half written, or of another version or log.</returns>
    public static DurableMark? Read(JournalDisk disk, string directory, ushort? logId = null)
    {
        Span<byte> bytes = stackalloc byte[Size];
        try
        {
            using var file = disk.OpenRead(Path.Combine(directory, FileName));
            if (file.Read(bytes, 0) < Size)
            {
                return null;
            }
        }
        catch (IOException)
        {
            return null;
        }

        return BinaryPrimitives.ReadUInt64LittleEndian(bytes) == Magic
            && BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]) == 1
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes[Crc32COffset..]) == Crc32C.Compute(bytes[..Crc32COffset])
            && (logId is null || logId == BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]))
                ? new DurableMark(
                    BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]),
                    BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
                    new Lsn(BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..])),
                    (BinaryPrimitives.ReadUInt32LittleEndian(bytes[32..]) & 1) != 0)
                : null;
    }
}
