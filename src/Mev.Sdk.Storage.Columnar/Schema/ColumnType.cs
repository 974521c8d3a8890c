namespace Mev.Sdk.Storage.Columnar;

/// <summary>What a column's values are.</summary>
public enum ColumnType
{
    /// <summary>True or false.</summary>
    Boolean = 0,

    /// <summary>Unsigned, 8 bits.</summary>
    UInt8,

    /// <summary>Unsigned, 16 bits.</summary>
    UInt16,

    /// <summary>Unsigned, 32 bits.</summary>
    UInt32,

    /// <summary>Unsigned, 64 bits.</summary>
    UInt64,

    /// <summary>Signed, 64 bits.</summary>
    Int64,

    /// <summary>IEEE 754, 32 bits.</summary>
    Float,

    /// <summary>IEEE 754, 64 bits.</summary>
    Double,

    /// <summary>An instant in UTC, nanoseconds since the Unix epoch, 64 bits signed.</summary>
    Timestamp,

    /// <summary>Bytes, as many in every row: keys and signatures.</summary>
    Fixed,

    /// <summary>UTF-8 text.</summary>
    Text,

    /// <summary>Bytes of any number.</summary>
    Bytes,

    /// <summary>An instant in UTC, microseconds since the Unix epoch, 64 bits signed: what the history tables have.</summary>
    TimestampMicroseconds,
}
