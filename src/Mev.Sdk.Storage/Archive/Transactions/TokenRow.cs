namespace Mev.Sdk.Storage.Archive.Transactions;

/// <summary>A token account's state before and after, as far as the meta tells.</summary>
internal struct TokenRow
{
    public bool IsBefore;
    public bool IsAfter;
    public byte Decimals;
    public Pubkey Mint;
    public Pubkey Owner;
    public Pubkey Program;
    public ulong Before;
    public ulong After;
}
