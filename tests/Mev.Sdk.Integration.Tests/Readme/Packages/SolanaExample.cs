// The regions between the snippet marks are the example of src/Mev.Sdk.Solana/README.md, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Transactions;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Integration.Tests.Readme.Packages;

internal static class SolanaExample
{
    public static void Run(ReadOnlySpan<byte> wire, ReadOnlySpan<byte> meta, ulong slot, TextWriter Console)
    {
        // snippet-start: program
        var decoder = new TransactionDecoder();          // one a thread; allocates nothing once warm
        var swaps = new List<SwapEntry>();
        if (decoder.TryDecode(wire, meta, new SightingContext(slot), out var record, swaps, out var error))
            foreach (var swap in swaps)
                Console.WriteLine($"{swap.Venue}: {swap.AmountIn} {swap.MintIn} -> {swap.AmountOut} {swap.MintOut}");
        else
            Console.WriteLine(error);                    // "wire: byte 65: the header requires 2 signatures, ..."

        // snippet-end
    }
}
