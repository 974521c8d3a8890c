namespace Mev.Sdk.Solana.Transactions;

/// <summary>How a message is laid out; the value is <see cref="Records.TransactionRecord.MessageFormat"/>.</summary>
public enum MessageFormat : byte
{
    /// <summary>No version byte, no lookup tables.</summary>
    Legacy = 0,

    /// <summary>Version 0: address lookup tables.</summary>
    V0 = 1,

    /// <summary>
    /// Version 1 (SIMD-0385): no lookup tables, counts of one byte, compute budget in the header, signatures behind the message. The proposal was under
    /// review when this was written; see <see cref="WireTransaction"/> for what is not settled.
    /// </summary>
    V1 = 2,
}
