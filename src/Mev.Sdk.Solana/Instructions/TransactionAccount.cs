namespace Mev.Sdk.Solana.Instructions;

/// <summary>One account of a transaction, with the rights that the message asks for.</summary>
/// <param name="Index">Its index among the transaction's keys: static ones first, then loaded writable, then loaded readonly ones.</param>
/// <param name="Key">Its address; zero for a loaded one while there is no meta, since only the meta resolves lookups.</param>
/// <param name="IsSigner">Whether it signed.</param>
/// <param name="IsWritable">Whether the message asks to write it; programs and sysvars that the runtime demotes are not considered.</param>
/// <param name="LookupTable">The lookup table that it was loaded from; zero = the message carries the key itself.</param>
/// <param name="LookupIndex">Its place in that table; 0 for a static key.</param>
public readonly record struct TransactionAccount(int Index, Pubkey Key, bool IsSigner, bool IsWritable, Pubkey LookupTable, byte LookupIndex)
{
    /// <summary>Whether it came out of a lookup table.</summary>
    public bool IsLoaded => !LookupTable.IsZero;
}
