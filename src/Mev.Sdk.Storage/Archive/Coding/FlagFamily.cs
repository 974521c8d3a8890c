namespace Mev.Sdk.Storage.Archive.Coding;

/// <summary>Decisions whose contexts are few and small numbers, so that their states lie side by side; the numbers are part of the format.</summary>
internal enum FlagFamily
{
    /// <summary>Data: a byte is the one that stood there; one family for each <see cref="StreamKind"/>.</summary>
    SameByte = 0,

    /// <summary>Data: a reference stands here; one family for each <see cref="StreamKind"/>.</summary>
    Reference = 32,

    /// <summary>Data: a byte is the one that followed the bytes before it.</summary>
    Followed = 64,

    /// <summary>Data: so many bytes are all the same as the last time.</summary>
    Run,

    /// <summary>The first byte of data.</summary>
    FirstByte,

    /// <summary>Log: the kind of line.</summary>
    LineKind,
    LineKindWide,

    /// <summary>Instructions: the height.</summary>
    Height,

    /// <summary>A key has token balances before and after, or neither, as the last time.</summary>
    Tokens,

    /// <summary>All balances that are known are what the last transaction left.</summary>
    Balances,

    /// <summary>A letter of a new text.</summary>
    Letter,

    /// <summary>A byte of an error.</summary>
    ErrorByte,

    /// <summary>Whole parts of a record are as expected.</summary>
    Record,
    Count,
}
