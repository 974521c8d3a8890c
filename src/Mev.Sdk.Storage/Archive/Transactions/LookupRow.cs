namespace Mev.Sdk.Storage.Archive.Transactions;

/// <summary>An address lookup: a table and the entries it loads.</summary>
internal struct LookupRow
{
    public Pubkey Table;
    public int WritableAt;
    public int WritableCount;
    public int ReadonlyAt;
    public int ReadonlyCount;
}
