namespace Mev.Sdk.Solana.Internal;

/// <summary>What status meta and the trace say about the token account at one key.</summary>
internal struct TokenAccount
{
    public Pubkey Mint;
    public Pubkey Owner;
    public ulong AmountBefore;
    public byte Decimals;
    public bool IsKnown;
}
