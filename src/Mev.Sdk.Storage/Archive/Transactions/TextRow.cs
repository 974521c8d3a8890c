namespace Mev.Sdk.Storage.Archive.Transactions;

/// <summary>A line of the log in the transaction's bytes.</summary>
internal struct TextRow
{
    public int At;
    public int Length;
}
