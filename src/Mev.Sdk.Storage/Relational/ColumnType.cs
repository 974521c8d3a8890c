namespace Mev.Sdk.Storage.Relational;

/// <summary>What a column of a <see cref="HistoryTable"/> holds; each has one encoding in a <see cref="RowBuffer"/>.</summary>
public enum ColumnType
{
    /// <summary>An unsigned byte. RowBinary: 1 byte.</summary>
    UInt8 = 0,

    /// <summary>An unsigned 16-bit number. RowBinary: 2 bytes, little-endian.</summary>
    UInt16,

    /// <summary>An unsigned 32-bit number. RowBinary: 4 bytes, little-endian.</summary>
    UInt32,

    /// <summary>An unsigned 64-bit number. RowBinary: 8 bytes, little-endian.</summary>
    UInt64,

    /// <summary>A signed 64-bit number. RowBinary: 8 bytes, little-endian.</summary>
    Int64,

    /// <summary>A finite single-precision number, never negative zero. RowBinary: 4 bytes, little-endian.</summary>
    Float32,

    /// <summary>A finite double-precision number, never negative zero. RowBinary: 8 bytes, little-endian.</summary>
    Float64,

    /// <summary>True or false. RowBinary: 1 byte, 1 or 0.</summary>
    Boolean,

    /// <summary>An instant: microseconds since the Unix epoch, UTC. RowBinary (DateTime64(6)): 8 bytes, little-endian, signed.</summary>
    Timestamp,

    /// <summary>A <see cref="Pubkey"/>. RowBinary (FixedString(32)): its 32 bytes.</summary>
    Key,

    /// <summary>A <see cref="Mev.Sdk.Signature"/>. RowBinary (FixedString(64)): its 64 bytes.</summary>
    Signature,

    /// <summary>Any bytes. RowBinary (String): the length as LEB128, then the bytes.</summary>
    Bytes,

    /// <summary>Text without U+0000, in UTF-8. RowBinary (String): the length in bytes as LEB128, then the bytes.</summary>
    Text,

    /// <summary>
    /// A JSON value as its writer wrote it, in UTF-8; what was no JSON is a JSON string of it. Acceptable to PostgreSQL's <c>jsonb</c>. RowBinary (String): as <see cref="Text"/>.
    /// </summary>
    Json,
}
