namespace Mev.Sdk.Solana.Internal;

/// <summary>What a program means to the decoder.</summary>
internal enum ProgramKind : byte
{
    Unknown = 0,
    System,
    Vote,
    ComputeBudget,
    Token,
    AssociatedToken,
    Memo,

    // From here on, programs that invoke others.
    Aggregator,
    Venue,
    Lending,
    NftMarket,
}
