using Mev.Sdk.DashboardHost.Live;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Addresses;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;
using Mev.Sdk.TestKit;
using Mev.Sdk.Wire;

namespace Mev.Sdk.DashboardHost.Tests;

public sealed class FeedFilterTests
{
    private static readonly Pubkey Bonk = Pubkey.Parse("DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263");
    private static readonly Pubkey Inner = Make.Key(44);
    private static readonly Pubkey Loaded = Make.Key(45);

    // A route SOL -> USDC -> BONK over two venues, by payer 900, that calls a router, below it the token program and a program out of a lookup table.
    private static readonly FeedEntry Route = Entry(
        [
            Make.Swap(1, Make.WrappedSol, 10, KnownMints.UsdCoin, 20, VenueId.RaydiumV4),
            Make.Swap(2, KnownMints.UsdCoin, 20, Bonk, 30, VenueId.OrcaWhirlpool),
        ],
        tip: 5);

    [Theory]
    [InlineData("SOL/BONK", true)] // the ends
    [InlineData("bonk sol", true)] // any order, any case
    [InlineData("SOL/USDC", true)] // the first leg
    [InlineData("USDC → BONK", true)] // the second
    [InlineData("USDC", true)] // only in the middle
    [InlineData("SOL/SOL", false)]
    [InlineData("WIF", false)]
    [InlineData("SOL/WIF", false)]
    [InlineData("So11111111111111111111111111111111111111112/DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263", true)]
    [InlineData("DezXAZ8", true)] // the beginning of an address at one end
    [InlineData("DezXAZ8/SOL", true)]
    [InlineData("DezXAZ9", false)]
    [InlineData("", true)]
    [InlineData(" / ", true)]
    public void Pair_is_found_at_the_ends_and_in_every_leg(string pair, bool expected) => Assert.Equal(expected, new FeedFilter(Pair: pair).Matches(in Route, 0.5));

    [Fact]
    public void Venue_of_any_leg_counts()
    {
        Assert.True(new FeedFilter(Venue: (int)VenueId.RaydiumV4).Matches(in Route, 0.5));
        Assert.True(new FeedFilter(Venue: (int)VenueId.OrcaWhirlpool).Matches(in Route, 0.5));
        Assert.False(new FeedFilter(Venue: (int)VenueId.PumpFun).Matches(in Route, 0.5));
    }

    [Fact]
    public void Program_is_found_outer_inner_and_loaded()
    {
        foreach (var program in (Pubkey[])[KnownPrograms.JupiterV6, Inner, Loaded])
        {
            Assert.True(new FeedFilter(Program: $" {program} ").Matches(in Route, 0.5), program.ToString());
        }

        Assert.False(new FeedFilter(Program: KnownPrograms.Token.ToString()).Matches(in Route, 0.5));
        Assert.False(new FeedFilter(Program: "no address").Matches(in Route, 0.5));
    }

    [Fact]
    public void Conditions_are_combined()
    {
        var payer = Make.Key(900).ToString();
        Assert.True(new FeedFilter("swap", (int)VenueId.RaydiumV4, null, "SOL/USDC", KnownPrograms.JupiterV6.ToString(), payer).Matches(in Route, 0.5));
        Assert.False(new FeedFilter("swap", (int)VenueId.RaydiumV4, null, "SOL/USDC", KnownPrograms.JupiterV6.ToString(), Make.Key(1).ToString()).Matches(in Route, 0.5));
        Assert.False(new FeedFilter("vote", Payer: payer).Matches(in Route, 0.5));
        Assert.True(new FeedFilter("tip", Payer: payer).Matches(in Route, 0.5));
        Assert.False(new FeedFilter("other").Matches(in Route, 0.5));
        Assert.True(new FeedFilter("other").Matches(Entry([]), 0.5));
        Assert.False(new FeedFilter("hit").Matches(in Route, 0.5)); // not scored
        Assert.False(new FeedFilter(Payer: "no address").Matches(in Route, 0.5));
    }

    [Fact]
    public void Programs_of_unreadable_bytes_are_none_and_many_are_bounded()
    {
        Assert.False(ProgramSet.From([1, 2, 3], []).Contains(KnownPrograms.System));
        var builder = new TransactionBuilder().AddSignature(Make.Signature(1)).SetHeader(1, 0, 0).AddKey(Make.Key(1));
        for (ulong i = 0; i < 20; i++)
        {
            builder.AddKey(Make.Key(100 + i));
        }

        builder.SetRecentBlockhash(Make.Key(2));
        for (byte i = 1; i <= 20; i++)
        {
            builder.AddInstruction(i, [], []);
        }

        var programs = ProgramSet.From(builder.ToArray(), []);
        Assert.True(programs.Contains(Make.Key(100)));
        Assert.True(programs.Contains(Make.Key(111)));
        Assert.False(programs.Contains(Make.Key(112)));
    }

    [Fact]
    public void Programs_of_a_meta_that_loaded_other_keys_are_the_outer_ones_alone()
    {
        var meta = new StatusMetaBuilder().AddLoadedWritable(Make.Key(70)).AddLoadedReadonly(in Loaded).AddLoadedReadonly(Make.Key(71))
            .AddInnerInstruction(0, 2, [0], [1], 2).AddInnerInstruction(0, 4, [0], [1], 2).ToArray();
        var programs = ProgramSet.From(RouteWire(), meta);
        Assert.True(programs.Contains(KnownPrograms.JupiterV6));
        Assert.False(programs.Contains(in Inner));
        Assert.False(programs.Contains(in Loaded));
    }

    [Theory]
    [InlineData(1_023, true)]
    [InlineData(1_024, false)]
    public void Programs_of_a_hostile_meta_are_looked_for_in_its_first_inner_instructions(int before, bool expected)
    {
        var wire = new TransactionBuilder().SetFormat(MessageFormat.V0).AddSignature(Make.Signature(1)).SetHeader(1, 0, 1)
            .AddKey(Make.Key(900)).AddKey(KnownPrograms.JupiterV6)
            .SetRecentBlockhash(Make.Key(2)).AddInstruction(1, [0], [1]).AddLookup(Make.Key(50), [], [.. Enumerable.Range(0, 254).Select(static i => (byte)i)]).ToArray();
        var meta = new StatusMetaBuilder();
        for (ulong i = 0; i < 254; i++)
        {
            meta.AddLoadedReadonly(Make.Key(1_000 + i));
        }

        for (var i = 0; i < before; i++)
        {
            meta.AddInnerInstruction(0, 255, [], [], 2);
        }

        meta.AddInnerInstruction(0, 254, [], [], 2);
        for (var i = 0; i < 50_000; i++)
        {
            meta.AddInnerInstruction(0, 253, [], [], 2);
        }

        var programs = ProgramSet.From(wire, meta.ToArray());
        Assert.True(programs.Contains(Make.Key(1_253)));
        Assert.Equal(expected, programs.Contains(Make.Key(1_252)));
        Assert.False(programs.Contains(Make.Key(1_000)));
    }

    private static byte[] RouteWire() =>
        new TransactionBuilder().SetFormat(MessageFormat.V0).AddSignature(Make.Signature(1)).SetHeader(1, 0, 2)
            .AddKey(Make.Key(900)).AddKey(KnownPrograms.JupiterV6).AddKey(in Inner)
            .SetRecentBlockhash(Make.Key(2)).AddInstruction(1, [0], [1]).AddLookup(Make.Key(50), [3], [4]).ToArray();

    private static FeedEntry Entry(SwapEntry[] swaps, ulong tip = 0)
    {
        var wire = RouteWire();
        var meta = new StatusMetaBuilder().AddLoadedWritable(Make.Key(70)).AddLoadedReadonly(in Loaded)
            .AddInnerInstruction(0, 2, [0], [1], 2).AddInnerInstruction(0, 4, [0], [1], 2).ToArray();
        var record = Make.Transaction(1, 1000) with { TipLamports = tip };
        var frame = new byte[TransactionView.GetFrameLength(swaps.Length, wire.Length, meta.Length)];
        TransactionView.Write(frame, 0, in record, swaps, wire, meta);
        Assert.True(TransactionView.TryRead(new RecordView(new Lsn(1), frame), out var view));
        return FeedEntry.From(in view, 0, DateTimeOffset.UnixEpoch, 0);
    }
}
