namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>What a block has learned of one key.</summary>
internal struct KeyRow
{
    public const int Unknown = -1;

    public Pubkey Key;

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
    public int Position;
    public byte Decimals;
    public bool HasLamports;
    public bool HasAmount;
    public TokenKnowledge Token;

    /// <summary>Its bytes follow from what the transaction has yet to tell. Encoders know them, and treat the key as decoders must.</summary>
    public bool IsPending;
}
