using System.Runtime.InteropServices;
using Mev.Sdk.Records;
using Mev.Sdk.TestKit;

namespace Mev.Sdk.Features.Tests;

public sealed class FeatureEngineTests
{
    private static readonly Pubkey Token = Make.Key(50);

    [Fact]
    public void Observe_request_of_a_transaction_is_copied_into_its_features()
    {
        var record = Make.Transaction(1, 10);
        record.ComputeUnitPriceMicroLamports = 12_345;
        record.ComputeUnitLimit = 200_000;
        record.TipLamports = 10_000;
        var vectors = new Vectors(new RecordStream().Add(in record));

        Assert.Equal(12_345, vectors[0, "tx.compute_unit_price"]);
        Assert.Equal(200_000, vectors[0, "tx.compute_unit_limit"]);
        Assert.Equal(10_000, vectors[0, "tx.tip"]);
        Assert.Equal(0, vectors[0, "swap.count"]);
    }

    [Fact]
    public void Observe_what_was_not_set_or_cannot_be_known_is_missing()
    {
        var vectors = new Vectors(new RecordStream().Add(Make.Transaction(1, 10, TransactionFlags.None)));

        Assert.Equal(0, vectors[0, "tx.compute_unit_price"]);
        foreach (var name in new[]
        {
            "tx.compute_unit_limit", "swap.count", "swap.value", "swap.price_impact", "swap.slippage_tolerance", "swap.venue", "pool.idle",
            "market.cross_venue_gap", "market.price_move", "market.failure_rate", "market.slot_compute",
        })
        {
            Assert.True(float.IsNaN(vectors[0, name]), name);
        }
    }

    [Fact]
    public void Observe_swap_gives_value_impact_slippage_and_venue_computed_by_hand()
    {
        // 2 SOL into reserves of 6 SOL: impact 2 / 8. Out 1000, at least 950 wanted: tolerance 5 %.
        var swap = Make.Swap(1, Make.WrappedSol, 2_000_000_000, Token, 1_000, VenueId.RaydiumV4);
        swap.ReserveInBefore = 6_000_000_000;
        swap.ReserveOutBefore = 4_000;
        swap.MinimumAmountOut = 950;
        var vectors = new Vectors(new RecordStream().Add(Make.Transaction(1, 10), swap));

        Assert.Equal(1, vectors[0, "swap.count"]);
        Assert.Equal(2, vectors[0, "swap.value"]);
        Assert.Equal(0.25f, vectors[0, "swap.price_impact"]);
        Assert.Equal(0.05f, vectors[0, "swap.slippage_tolerance"], 6);
        Assert.Equal((float)VenueId.RaydiumV4, vectors[0, "swap.venue"]);
    }

    [Fact]
    public void Observe_several_swaps_speak_of_the_one_with_the_greatest_impact_and_the_largest_sol_leg()
    {
        var small = Make.Swap(1, Make.WrappedSol, 5_000_000_000, Token, 100, VenueId.OrcaWhirlpool);
        small.ReserveInBefore = 995_000_000_000;
        var large = Make.Swap(2, Token, 100, Make.WrappedSol, 4_000_000_000, VenueId.MeteoraDlmm);
        large.ReserveInBefore = 100;
        var vectors = new Vectors(new RecordStream().Add(Make.Transaction(1, 10), small, large));

        Assert.Equal(5, vectors[0, "swap.value"]);
        Assert.Equal(0.5f, vectors[0, "swap.price_impact"]);
        Assert.Equal((float)VenueId.MeteoraDlmm, vectors[0, "swap.venue"]);
    }

    [Fact]
    public void Observe_gap_compares_the_price_after_the_swap_with_other_pools_of_the_token()
    {
        // Pool 1 trades at 10 lamports a unit; pool 2 buys 100 units for 1,100 lamports: ln(11 / 10).
        var vectors = new Vectors(new RecordStream()
            .Add(Make.Transaction(1, 10), Make.Swap(1, Make.WrappedSol, 1_000, Token, 100))
            .Add(Make.Transaction(2, 11), Make.Swap(2, Make.WrappedSol, 1_100, Token, 100, VenueId.MeteoraDlmm)));

        Assert.True(float.IsNaN(vectors[0, "market.cross_venue_gap"]));
        Assert.Equal(Math.Log(1.1), vectors[1, "market.cross_venue_gap"], 6);
        Assert.True(float.IsNaN(vectors[1, "market.price_move"]));
    }

    [Fact]
    public void Observe_gap_of_a_constant_product_pool_uses_its_reserves_after_the_trade()
    {
        // Pool 2 holds 10,000 lamports and 1,000 units; 1,000 lamports take 90 units: price after = 11,000 / 910.
        var swap = Make.Swap(2, Make.WrappedSol, 1_000, Token, 90, VenueId.RaydiumCpmm);
        swap.ReserveInBefore = 10_000;
        swap.ReserveOutBefore = 1_000;
        var vectors = new Vectors(new RecordStream()
            .Add(Make.Transaction(1, 10), Make.Swap(1, Make.WrappedSol, 1_000, Token, 100))
            .Add(Make.Transaction(2, 11), swap));

        Assert.Equal(Math.Log(11_000.0 / 910 / 10), vectors[1, "market.cross_venue_gap"], 5);
    }

    [Fact]
    public void Observe_price_move_is_negative_when_the_token_fell()
    {
        var vectors = new Vectors(new RecordStream()
            .Add(Make.Transaction(1, 10), Make.Swap(1, Make.WrappedSol, 1_000, Token, 100))
            .Add(Make.Transaction(2, 11), Make.Swap(1, Token, 100, Make.WrappedSol, 800)));

        Assert.Equal(Math.Log(0.8), vectors[1, "market.price_move"], 6);
        Assert.True(float.IsNaN(vectors[1, "market.cross_venue_gap"]));
    }

    [Fact]
    public void Observe_prices_older_than_the_look_back_are_not_compared()
    {
        RecordStream At(ulong slot) => new RecordStream()
            .Add(Make.Transaction(1, 10), Make.Swap(1, Make.WrappedSol, 1_000, Token, 100))
            .Add(Make.Transaction(2, slot), Make.Swap(2, Make.WrappedSol, 1_100, Token, 100));

        Assert.False(float.IsNaN(new Vectors(At(160))[1, "market.cross_venue_gap"]));
        Assert.True(float.IsNaN(new Vectors(At(161))[1, "market.cross_venue_gap"]));
    }

    [Fact]
    public void Observe_idle_counts_slots_since_the_pools_last_trade_and_never_below_zero()
    {
        var swap = Make.Swap(1, Make.WrappedSol, 1_000, Token, 100);
        var vectors = new Vectors(new RecordStream()
            .Add(Make.Transaction(1, 10), swap)
            .Add(Make.Transaction(2, 17), swap)
            .Add(Make.Transaction(3, 12), swap)
            .Add(Make.Transaction(4, 18), swap));

        Assert.True(float.IsNaN(vectors[0, "pool.idle"]));
        Assert.Equal(7, vectors[1, "pool.idle"]);
        Assert.Equal(0, vectors[2, "pool.idle"]);
        Assert.Equal(1, vectors[3, "pool.idle"]);
    }

    [Fact]
    public void Observe_failure_rate_and_load_count_earlier_transactions_without_votes()
    {
        var stream = new RecordStream();
        TransactionRecord Executed(ulong number, ulong slot, TransactionFlags more, uint units)
        {
            var record = Make.Transaction(number, slot, TransactionFlags.HasMeta | more);
            record.ComputeUnitsConsumed = units;
            return record;
        }

        stream.Add(Executed(1, 10, TransactionFlags.None, 100))
            .Add(Executed(2, 10, TransactionFlags.Failed, 300))
            .Add(Executed(3, 10, TransactionFlags.Vote, 9_999))
            .Add(Executed(4, 11, TransactionFlags.None, 600))
            .Add(Executed(5, 12, TransactionFlags.Failed, 1))
            .Add(Executed(6, 30, TransactionFlags.None, 1));
        var vectors = new Vectors(stream);

        Assert.True(float.IsNaN(vectors[0, "market.failure_rate"]));
        Assert.Equal(0, vectors[1, "market.failure_rate"]);
        Assert.Equal(0.5f, vectors[2, "market.failure_rate"]);
        Assert.Equal(0.5f, vectors[3, "market.failure_rate"]);
        Assert.True(float.IsNaN(vectors[2, "market.slot_compute"]));
        Assert.Equal(400, vectors[3, "market.slot_compute"]);
        Assert.Equal(500, vectors[4, "market.slot_compute"]);
        Assert.Equal(1f / 3, vectors[4, "market.failure_rate"], 6);
        Assert.True(float.IsNaN(vectors[5, "market.failure_rate"]));
    }

    [Fact]
    public void Observe_only_the_first_sighting_has_a_vector()
    {
        var vectors = new Vectors(new RecordStream()
            .Add(Make.Transaction(1, 10)).Add(Make.Transaction(1, 11)).Add(new BlockRecord { Slot = 11 }).Add(Make.Transaction(2, 11)));

        Assert.Equal([Lsn.Create(1, 1), Lsn.Create(1, 4)], vectors.Lsns);
        Assert.Equal(2, vectors.Engine.Transactions);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Observe_live_batches_and_replay_give_the_same_bits(int seed)
    {
        var stream = RandomMarket.Create(seed, 3_000);
        var random = new Random(seed + 100);
        var live = new Vectors(stream, () => random.Next(1, 40));
        var replay = new Vectors(stream, () => 512);

        Assert.Equal(Bits(live), Bits(replay));
        Assert.Equal(live.Lsns, replay.Lsns);
        Assert.True(live.Count > 1_000);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Observe_cutting_the_future_off_changes_no_vector(int seed)
    {
        var stream = RandomMarket.Create(seed, 2_000);
        var whole = Bits(new Vectors(stream));
        foreach (var length in new[] { 1, 10, 333, 1_500, 1_999 })
        {
            var cut = Bits(new Vectors(stream.Truncate(length)));
            Assert.Equal(whole.Take(cut.Count), cut);
        }
    }

    [Fact]
    public void Observe_opportunities_blocks_and_slots_are_never_looked_at()
    {
        var random = new Random(8);
        var bare = new RecordStream();
        var noisy = new RecordStream();
        for (ulong i = 1; i < 500; i++)
        {
            var swap = Make.Swap(i % 7, Make.WrappedSol, (ulong)random.Next(1, 10_000), Token, (ulong)random.Next(1, 10_000));
            bare.Add(Make.Transaction(i, 100 + (i / 10)), swap);
            noisy.Add(Make.Transaction(i, 100 + (i / 10)), swap)
                .Add(new OpportunityRecord { TriggerSignature = Make.Signature(i), Slot = 10_000 + i })
                .Add(new SlotRecord { Slot = 20_000 + i });
        }

        Assert.Equal(Bits(new Vectors(bare)), Bits(new Vectors(noisy)));
    }

    [Fact]
    public void Observe_pools_beyond_the_bound_are_forgotten_oldest_first()
    {
        var stream = new RecordStream();
        for (ulong pool = 1; pool <= 17; pool++)
        {
            stream.Add(Make.Transaction(pool, 10), Make.Swap(pool, Make.WrappedSol, 10, Token, 10));
        }

        stream.Add(Make.Transaction(100, 11), Make.Swap(2, Make.WrappedSol, 10, Token, 10));
        stream.Add(Make.Transaction(101, 11), Make.Swap(1, Make.WrappedSol, 10, Token, 10));
        var vectors = new Vectors(stream, options: new FeatureEngineOptions { MaxPools = 16, MaxTokens = 16, SightingWindow = 100 });

        Assert.Equal(1, vectors[17, "pool.idle"]);
        Assert.True(float.IsNaN(vectors[18, "pool.idle"]));
    }

    [Fact]
    public void Observe_steady_state_allocates_nothing()
    {
        var engine = new FeatureEngine(new FeatureEngineOptions { MaxPools = 16, MaxTokens = 16, SightingWindow = 64 });
        var vector = new float[engine.Schema.Count];
        var batches = RandomMarket.Create(9, 4_000).Batches(() => 100).ToArray();
        long before = 0;
        for (var i = 0; i < batches.Length; i++)
        {
            before = i == batches.Length / 2 ? GC.GetAllocatedBytesForCurrentThread() : before;
            foreach (var record in batches[i])
            {
                engine.Observe(in record, vector);
            }
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(engine.Transactions > 2_000);
    }

    [Fact]
    public void Observe_transaction_whose_parts_lead_outside_its_frame_is_counted_and_passed_over()
    {
        var frame = new byte[Records.TransactionView.GetFrameLength(0, 0, 0)];
        Records.TransactionView.Write(frame, 0, Make.Transaction(1, 10), [], [], []);
        MemoryMarshal.Write(frame.AsSpan(32 + 176 + 2), (ushort)9);
        var vectors = new Vectors(new RecordStream().AddFrame(frame));

        Assert.Equal(0, vectors.Count);
        Assert.Equal(1, vectors.Engine.Malformed);
    }

    [Fact]
    public void Observe_vector_that_is_too_short_is_refused()
    {
        var engine = new FeatureEngine();
        var batch = new RecordStream().Add(Make.Transaction(1, 10)).AsBatch();
        var error = Assert.Throws<ArgumentException>(() =>
        {
            foreach (var record in batch)
            {
                engine.Observe(in record, new float[engine.Schema.Count - 1]);
            }
        });

        Assert.Contains($"{engine.Schema.Count} values", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_option_out_of_range_names_its_key()
    {
        var error = Assert.Throws<ArgumentException>(() => new FeatureEngine(new FeatureEngineOptions { MaxPools = 3 }));

        Assert.Contains("Mev:Features:MaxPools is 3", error.Message, StringComparison.Ordinal);
    }

    private static List<int> Bits(Vectors vectors) => [.. vectors.Rows.SelectMany(static r => r).Select(BitConverter.SingleToInt32Bits)];
}
