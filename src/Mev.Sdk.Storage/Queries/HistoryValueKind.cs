namespace Mev.Sdk.Storage.Queries;

/// <summary>What a <see cref="HistoryValue"/> is.</summary>
public enum HistoryValueKind
{
    /// <summary>Nothing.</summary>
    Null = 0,

    /// <summary>A whole number: every integer column, every count and sum.</summary>
    Integer,

    /// <summary>A finite number.</summary>
    Float,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>An instant: microseconds since the Unix epoch, UTC.</summary>
    Timestamp,

    /// <summary>Bytes: a key, a signature, or any.</summary>
    Bytes,

    /// <summary>Text, or JSON as text.</summary>
    Text,
}
