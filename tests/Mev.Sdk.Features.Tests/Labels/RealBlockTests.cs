using System.Buffers;
using Mev.Sdk.Features.Labels;
using Mev.Sdk.Features.Sets;
using Mev.Sdk.Ingest.Solana.Files;
using Mev.Sdk.Records;
using Mev.Sdk.TestKit;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Features.Tests.Labels;

/// <summary>A block of mainnet, slot 285,000,037: what the inspector and the engine make of it.</summary>
public sealed class RealBlockTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Inspect_block_of_mainnet_holds_the_arbitrages_known_to_be_in_it()
    {
        var found = new Dictionary<uint, ArbitrageFinding>();
        var inspector = new AtomicArbitrageInspector();
        await foreach (var batch in Replay())
        {
            foreach (var record in batch)
            {
                if (TransactionView.TryRead(in record, out var transaction) && inspector.Inspect(in transaction) is { Verdict: not ArbitrageVerdict.None } finding)
                {
                    found.Add(transaction.Record.IndexInBlock, finding);
                    output.WriteLine($"{transaction.Record.IndexInBlock} {finding} swaps {transaction.Swaps.Length}");
                    foreach (var swap in transaction.Swaps)
                    {
                        output.WriteLine($"   {swap.Venue} {swap.Flags} pool {swap.Pool} trader {swap.Trader} {swap.AmountIn} {swap.MintIn} -> {swap.AmountOut} {swap.MintOut}");
                    }
                }
            }

            batch.Release();
        }

        Assert.Equal([182u, 547u, 548u], found.Where(static f => f.Value.Verdict == ArbitrageVerdict.Arbitrage).Select(static f => f.Key).Order());
    }

    [Fact]
    public async Task Observe_block_of_mainnet_gives_every_transaction_one_vector_of_possible_values()
    {
        var engine = new FeatureEngine();
        var vector = new float[engine.Schema.Count];
        var swaps = engine.Schema.Columns.ToList().FindIndex(static c => c.Name == "swap.count");
        var impact = engine.Schema.Columns.ToList().FindIndex(static c => c.Name == "swap.price_impact");
        var withSwaps = 0;
        await foreach (var batch in Replay())
        {
            foreach (var record in batch)
            {
                if (engine.Observe(in record, vector))
                {
                    withSwaps += vector[swaps] > 0 ? 1 : 0;
                    Assert.True(float.IsNaN(vector[impact]) || vector[impact] is >= 0 and <= 1);
                    Assert.DoesNotContain(float.PositiveInfinity, vector);
                    Assert.DoesNotContain(float.NegativeInfinity, vector);
                }
            }

            batch.Release();
        }

        Assert.Equal(557, engine.Transactions);
        Assert.InRange(withSwaps, 50, 300);
    }

    private static IAsyncEnumerable<RecordBatch> Replay()
    {
        var path = ChainData.File("solana/block-285000037.json");
        if (path is null)
        {
            Assert.Skip(ChainData.MissingReason);
        }

        var frames = new ArrayBufferWriter<byte>();
        BlockFile.Load(path).WriteFrames(frames);
        return FrameReplay.ReadAsync([frames.WrittenMemory], TestContext.Current.CancellationToken);
    }
}
