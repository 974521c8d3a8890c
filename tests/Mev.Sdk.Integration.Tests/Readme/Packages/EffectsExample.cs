// The regions between the snippet marks are the example of src/Mev.Sdk.Solana/README.md, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using Mev.Sdk.Solana.Effects;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Integration.Tests.Readme.Packages;

internal static class EffectsExample
{
    public static void Run(ReadOnlySpan<byte> wire, ReadOnlySpan<byte> meta, TextWriter Console)
    {
        // snippet-start: program
        var effects = new TransactionEffects();          // one a thread; allocates nothing once warm
        if (effects.Read(wire, meta, out var error) == EffectsOutcome.Done)
            foreach (ref readonly var change in effects.LiquidityChanges)
                Console.WriteLine($"{change.Action} {change.Venue} {change.Pool}: {change.AmountA} {change.MintA}, {change.AmountB} {change.MintB}");

        // snippet-end
    }
}
