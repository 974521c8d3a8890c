// The regions between the snippet marks are the example of src/Mev.Sdk.Solana.Ed25519/README.md, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using Mev.Sdk.Solana.Ed25519;
using Mev.Sdk.Solana.Transactions;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Integration.Tests.Readme.Packages;

internal static class Ed25519Example
{
    public static void Run(ReadOnlySpan<byte> wire, TextWriter Console)
    {
        // snippet-start: program
        if (WireTransaction.TryParse(wire, out var transaction) && TransactionSignatures.FirstInvalid(in transaction) is >= 0 and var index)
            Console.WriteLine($"signature {index} is not the one of key {transaction.StaticKeys[index]}");

        // snippet-end
    }
}
