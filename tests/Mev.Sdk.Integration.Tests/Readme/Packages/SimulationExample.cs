// The regions between the snippet marks are the example of src/Mev.Sdk.Simulation/README.md, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using System.Buffers;
using Mev.Sdk.Simulation;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Integration.Tests.Readme.Packages;

internal static class SimulationExample
{
    public static void Run()
    {
        // snippet-start: program
        using var market = new SimulatedMarket(new MarketOptions { Seed = 7 });
        var frames = new ArrayBufferWriter<byte>();
        market.WriteSlot(frames); // one slot of 400 ms: a Block frame, then transactions, opportunities and outcomes

        // snippet-end
    }
}
