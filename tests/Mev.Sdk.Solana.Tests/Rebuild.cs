using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Solana.Tests;

/// <summary>Takes a parsed transaction apart and builds it again.</summary>
internal static class Rebuild
{
    public static byte[] From(in WireTransaction transaction)
    {
        var builder = new TransactionBuilder().SetFormat(transaction.Format)
            .SetHeader(transaction.RequiredSignatures, transaction.ReadonlySigned, transaction.ReadonlyUnsigned)
            .SetRecentBlockhash(transaction.RecentBlockhash);
        if (transaction.Format == MessageFormat.V1)
        {
            builder.SetConfig(transaction.Config);
        }

        foreach (ref readonly var signature in transaction.Signatures)
        {
            builder.AddSignature(in signature);
        }

        foreach (ref readonly var key in transaction.StaticKeys)
        {
            builder.AddKey(in key);
        }

        foreach (var instruction in transaction.Instructions)
        {
            builder.AddInstruction(instruction.ProgramIndex, instruction.Accounts, instruction.Data);
        }

        foreach (var lookup in transaction.Lookups)
        {
            builder.AddLookup(in lookup.Table, lookup.WritableIndexes, lookup.ReadonlyIndexes);
        }

        return builder.ToArray();
    }
}
