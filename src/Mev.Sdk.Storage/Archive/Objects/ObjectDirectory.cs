using System.Buffers.Binary;
using Mev.Sdk.Storage.Archive.Coding;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>What is where in an object, and what it holds in sum: fields by number, so that a reader skips what it does not know; docs/archive-format.md, "Directory".</summary>
internal sealed class ObjectDirectory
{
    private const int HeaderField = 1;
    private const int RootField = 2;
    private const int RootCopyField = 3;
    private const int BlockIndexField = 4;
    private const int SignatureIndexField = 5;
    private const int FirstNumberField = 16;
    private const int WrappedKeyField = 40;

    /// <summary>Always the last: it covers everything before it.</summary>
    private const int AuthenticationField = 41;
    private const int PlaceSize = 16;

    // The field of a number is its place here and FirstNumberField.
    private const int FirstLsnAt = 0;
    private const int LastLsnAt = 1;
    private const int FirstSlotAt = 2;
    private const int LastSlotAt = 3;
    private const int LeastTimeAt = 4;
    private const int GreatestTimeAt = 5;
    private const int FramesAt = 6;
    private const int TransactionsAt = 7;
    private const int SignaturesAt = 8;
    private const int FrameBytesAt = 9;
    private const int ResidualBytesAt = 10;
    private const int JsonBytesAt = 11;
    private const int BlocksAt = 12;
    private const int NumberCount = 13;

    private readonly ulong[] _numbers = new ulong[NumberCount];
    private byte[] _authenticated = [];
    private byte[] _tag = [];

    public required ObjectHeader Header { get; init; }

    public SectionPlace Root { get; set; }

    /// <summary>Where the root stands again; nowhere (length 0) when the object has no leaves.</summary>
    public SectionPlace RootCopy { get; set; }

    public SectionPlace BlockIndex { get; set; }

    public SectionPlace SignatureIndex { get; set; }

    public byte[] WrappedKey { get; set; } = [];

    public ulong FirstLsn { get => _numbers[FirstLsnAt]; set => _numbers[FirstLsnAt] = value; }

    public ulong LastLsn { get => _numbers[LastLsnAt]; set => _numbers[LastLsnAt] = value; }

    public ulong FirstSlot { get => _numbers[FirstSlotAt]; set => _numbers[FirstSlotAt] = value; }

    public ulong LastSlot { get => _numbers[LastSlotAt]; set => _numbers[LastSlotAt] = value; }

    public ulong LeastTime { get => _numbers[LeastTimeAt]; set => _numbers[LeastTimeAt] = value; }

    public ulong GreatestTime { get => _numbers[GreatestTimeAt]; set => _numbers[GreatestTimeAt] = value; }

    public long Frames { get => (long)_numbers[FramesAt]; set => _numbers[FramesAt] = (ulong)value; }

    public long Transactions { get => (long)_numbers[TransactionsAt]; set => _numbers[TransactionsAt] = (ulong)value; }

    public long Signatures { get => (long)_numbers[SignaturesAt]; set => _numbers[SignaturesAt] = (ulong)value; }

    public long FrameBytes { get => (long)_numbers[FrameBytesAt]; set => _numbers[FrameBytesAt] = (ulong)value; }

    public long ResidualBytes { get => (long)_numbers[ResidualBytesAt]; set => _numbers[ResidualBytesAt] = (ulong)value; }

    public long JsonBytes { get => (long)_numbers[JsonBytesAt]; set => _numbers[JsonBytesAt] = (ulong)value; }

    /// <summary>Root and leaves.</summary>
    public int Blocks { get => (int)_numbers[BlocksAt]; set => _numbers[BlocksAt] = (ulong)value; }

    /// <summary>Writes it; with a cipher, authenticated by the object's key.</summary>
    public byte[] Write(SectionCipher? cipher)
    {
        var output = new ByteArena();
        Field(output, HeaderField, Header.Bytes);
        Place(output, RootField, Root);
        Place(output, RootCopyField, RootCopy);
        Place(output, BlockIndexField, BlockIndex);
        Place(output, SignatureIndexField, SignatureIndex);
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        for (var i = 0; i < NumberCount; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(number, _numbers[i]);
            Field(output, FirstNumberField + i, number);
        }

        if (cipher is not null)
        {
            Field(output, WrappedKeyField, WrappedKey);
            Span<byte> tag = stackalloc byte[ObjectFormat.TagSize];
            cipher.Authenticate(output.Written, tag);
            Field(output, AuthenticationField, tag);
        }

        return output.Written.ToArray();
    }

    /// <summary>Reads a directory.</summary>
    /// <param name="bytes">Its bytes, whose checksum was compared.</param>
    /// <param name="trailer">The trailer that named it.</param>
    /// <exception cref="SectionDamageException">It contradicts itself or the trailer.</exception>
    public static ObjectDirectory Parse(ReadOnlySpan<byte> bytes, in ObjectTrailer trailer)
    {
        var reader = new NumberReader(bytes);
        ObjectDirectory? directory = null;
        var last = 0;
        while (!reader.IsAtEnd)
        {
            var at = bytes.Length - reader.Left;
            var field = reader.Count(int.MaxValue);
            var content = reader.Bytes(reader.Count(reader.Left));

            // Nothing is said twice, and nothing behind the tag, which covers what stands before it.
            if (field <= last || last == AuthenticationField)
            {
                throw new SectionDamageException($"field {field} follows field {last}");
            }

            last = field;
            if (directory is null)
            {
                directory = field == HeaderField
                    ? new ObjectDirectory { Header = ObjectHeader.Parse(content) }
                    : throw new SectionDamageException("it does not begin with the object's header");
            }
            else if (field == AuthenticationField)
            {
                (directory._authenticated, directory._tag) = (bytes[..at].ToArray(), content.ToArray());
            }
            else
            {
                directory.Take(field, content);
            }
        }

        return directory?.Check(in trailer) ?? throw new SectionDamageException("it is empty");
    }

    /// <summary>Whether the holder of the object's key wrote it.</summary>
    public bool IsAuthentic(SectionCipher cipher) => cipher.IsAuthentic(_authenticated, _tag);

    private void Take(int field, ReadOnlySpan<byte> content)
    {
        switch (field)
        {
            case RootField:
                Root = Place(content);
                break;
            case RootCopyField:
                RootCopy = Place(content);
                break;
            case BlockIndexField:
                BlockIndex = Place(content);
                break;
            case SignatureIndexField:
                SignatureIndex = Place(content);
                break;
            case WrappedKeyField:
                WrappedKey = content.ToArray();
                break;
            case >= FirstNumberField and < FirstNumberField + NumberCount:
                _numbers[field - FirstNumberField] = content.Length == sizeof(ulong)
                    ? BinaryPrimitives.ReadUInt64LittleEndian(content)
                    : throw new SectionDamageException($"field {field} has {content.Length} bytes");
                break;
        }
    }

    private ObjectDirectory Check(in ObjectTrailer trailer)
    {
        var isWhole = RootCopy.Length > 0;
        var holds = AreBounded()
            && Header.ObjectId == trailer.ObjectId
            && isWhole == (Blocks > 1)
            && Root.Offset == ObjectFormat.HeaderSize
            && Root.Length > 0
            && trailer.TailOffset == (isWhole ? RootCopy.Offset : Root.Offset)
            && (!isWhole || (RootCopy.Length == Root.Length && RootCopy.Crc32C == Root.Crc32C && RootCopy.Offset >= Root.End))
            && BlockIndex.Offset == (isWhole ? RootCopy.End : Root.End)
            && BlockIndex.Length > 0
            && SignatureIndex.Offset == BlockIndex.End
            && SignatureIndex.Length > 0
            && SignatureIndex.End == trailer.Directory.Offset
            && FirstLsn <= LastLsn
            && Math.Min(Math.Min(Frames - 1, FrameBytes), Math.Min(Math.Min(Transactions, Signatures), Math.Min(ResidualBytes, JsonBytes))) >= 0
            && (Header.IsEncrypted ? WrappedKey.Length == ObjectFormat.WrappedKeySize && _tag.Length == ObjectFormat.TagSize : WrappedKey.Length + _tag.Length == 0);
        return holds ? this : throw new SectionDamageException("its fields contradict each other or the trailer");
    }

    // Before anything is read or allocated because of it: a section is as long as what is said to be in it can be.
    private bool AreBounded() =>
        Blocks is > 0 and <= ObjectFormat.MaxBlocks
        && Root.Length <= ObjectFormat.MaxRootBytes
        && BlockIndex.Length <= ObjectFormat.MaxIndexBytes + ((long)ObjectFormat.MaxBytesOfBlock * Blocks)
        && Signatures <= FrameBytes / Signature.Size
        && Transactions <= Frames
        && FrameBytes <= (long)BlockCodec.MaxRawBytes * Blocks
        && SignatureIndex.Length <= ObjectFormat.MaxIndexBytes + (ObjectFormat.MaxBytesOfSighting * Signatures);

    private static void Field(ByteArena output, int field, ReadOnlySpan<byte> content)
    {
        NumberWriter.Number(output, (ulong)field);
        NumberWriter.Number(output, (ulong)content.Length);
        output.Add(content);
    }

    private static void Place(ByteArena output, int field, SectionPlace place)
    {
        Span<byte> bytes = stackalloc byte[PlaceSize];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, place.Offset);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], place.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], place.Crc32C);
        Field(output, field, bytes);
    }

    private static SectionPlace Place(ReadOnlySpan<byte> content)
    {
        if (content.Length != PlaceSize)
        {
            throw new SectionDamageException($"a place has {content.Length} bytes");
        }

        var place = new SectionPlace(BinaryPrimitives.ReadInt64LittleEndian(content), BinaryPrimitives.ReadInt32LittleEndian(content[8..]), BinaryPrimitives.ReadUInt32LittleEndian(content[12..]));
        return place.Length is >= 0 and <= ObjectFormat.MaxSectionBytes && place.Offset is >= 0 and < 1L << 60
            ? place
            : throw new SectionDamageException($"a section of {place.Length} bytes at {place.Offset}");
    }
}
