namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>What a block has learned of one key.</summary>
internal struct KeyRow
{
    public const int Unknown = -1;

    /// <summary>Balance after the last transaction that named it, lamports.</summary>
    public ulong Lamports;

    /// <summary>Amount after the last transaction that named it, base units.</summary>
    public ulong Amount;

    /// <summary>Ids of its token account's mint, owner and program.</summary>
    public int Mint;
    public int Owner;
    public int Program;

    /// <summary>Transaction that named it last, and its position there.</summary>
    public int Stamp;

    /// <summary>Message of its last transaction as a payer; one more than its number, 0 = it has not paid.</summary>
    public int Shape;
    public byte Position;
    public byte Decimals;

    /// <summary>Of a mint: one more than its decimals, 0 = not known.</summary>
    public short MintDecimals;
    public TokenKnowledge Token;
    public bool HasLamports;
    public bool HasAmount;

    /// <summary>Its bytes follow from what the transaction has yet to tell. Encoders know them, and treat the key as decoders must.</summary>
    public bool IsPending;

    /// <summary>Whether it was changed since the block began; only what every block starts with is marked.</summary>
    public bool IsTouched;

    public static KeyRow Fresh => new() { Mint = Unknown, Owner = Unknown, Program = Unknown, Stamp = Unknown };
}
