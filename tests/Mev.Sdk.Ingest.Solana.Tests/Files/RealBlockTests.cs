using System.Buffers;
using Mev.Sdk.Ingest.Solana.Files;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Tests;
using Mev.Sdk.Solana.Transactions;
using Mev.Sdk.TestKit;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Solana.Tests.Files;

/// <summary>Mainnet block 285,000,037: what an independent reading of the same JSON says, the decoder must say too.</summary>
public sealed class RealBlockTests
{
    private static readonly Lazy<BlockFile?> Loaded = new(() => ChainData.File("solana/block-285000037.json") is { } path ? BlockFile.Load(path) : null);

    private static BlockFile Block
    {
        get
        {
            Assert.SkipWhen(Loaded.Value is null, ChainData.MissingReason);
            return Loaded.Value!;
        }
    }

    [Fact]
    public void Load_counts_transactions_formats_failures_and_votes()
    {
        var records = Block.Transactions.Select(t => t.Record).ToArray();
        Assert.Equal(557, records.Length);
        Assert.Equal(284, records.Count(r => r.MessageFormat == (byte)MessageFormat.Legacy));
        Assert.Equal(273, records.Count(r => r.MessageFormat == (byte)MessageFormat.V0));
        Assert.Equal(99, records.Count(r => r.Flags.HasFlag(TransactionFlags.Failed)));
        Assert.Equal(62, records.Count(r => r.Flags.HasFlag(TransactionFlags.Vote)));
        Assert.All(records, r => Assert.True(r.Flags.HasFlag(TransactionFlags.HasMeta) && !r.Flags.HasFlag(TransactionFlags.WireMissing)));
        Assert.Equal(557, records.Select(r => r.Signature).Distinct().Count());
    }

    [Fact]
    public void Load_takes_the_slot_from_the_file_name_and_the_rest_from_the_block()
    {
        ref readonly var block = ref Block.Block;
        Assert.Equal((285_000_037UL, 285_000_036UL, 557u), (block.Slot, block.ParentSlot, block.TransactionCount));
        Assert.Equal("HPGE1rkrYqcRpASsdqA2zzetCGa8DD6mCTDus3tei2fN", block.Blockhash.ToString());
        Assert.Equal("8F6872R127vc7NeWw6mtGgi1DDjPeVkiukcbt7i9iF5d", block.PreviousBlockhash.ToString());
    }

    [Fact]
    public void Load_tells_errors_as_the_node_does()
    {
        var errors = Block.Transactions.Select(t => t.Record).Where(r => r.Flags.HasFlag(TransactionFlags.Failed)).ToArray();
        Assert.All(errors, r => Assert.Equal(TransactionErrorCode.InstructionError, r.ErrorCode));
        Assert.All(errors, r => Assert.Equal(InstructionErrorCode.Custom, r.ErrorInstructionCode));
        Assert.Equal(34, errors.Count(r => r is { ErrorInstruction: 2, ErrorCustomCode: 300 }));
        Assert.Equal(29, errors.Count(r => r is { ErrorInstruction: 1, ErrorCustomCode: 6003 }));
    }

    [Fact]
    public void Balances_in_the_meta_fall_by_exactly_the_fee()
    {
        foreach (var transaction in Block.Transactions)
        {
            Assert.True(StatusMeta.TryParse(transaction.Meta.Span, out var meta));
            UInt128 before = 0, after = 0;
            foreach (var lamports in meta.PreBalances)
            {
                before += lamports;
            }

            foreach (var lamports in meta.PostBalances)
            {
                after += lamports;
            }

            Assert.Equal(transaction.Record.FeeLamports, (ulong)(before - after));
        }
    }

    [Fact]
    public void Wire_parses_and_builds_again_to_the_same_bytes()
    {
        foreach (var transaction in Block.Transactions)
        {
            Assert.True(WireTransaction.TryParse(transaction.Wire.Span, out var view, out var failure), failure.ToString());
            Assert.Equal(transaction.Wire.ToArray(), Rebuild.From(in view));
        }
    }

    [Fact]
    public void Tips_equal_what_the_tip_accounts_gained()
    {
        // 50 transactions touch a tip account; one of them failed, and 73,424,641 lamports is the tip accounts' gain by balances.
        var tips = Block.Transactions.Where(t => t.Record.TipLamports > 0).ToArray();
        Assert.Equal(49, tips.Length);
        Assert.Equal(73_424_641UL, tips.Aggregate(0UL, (sum, t) => sum + t.Record.TipLamports));
    }

    [Fact]
    public void Swaps_equal_the_swap_instructions_that_succeeded()
    {
        var swaps = Block.Transactions.SelectMany(t => t.Swaps.ToArray()).ToArray();
        int Count(VenueId venue) => swaps.Count(s => s.Venue == venue);
        Assert.Equal(
            (114, 4, 3, 4, 12, 0),
            (Count(VenueId.RaydiumV4), Count(VenueId.OrcaWhirlpool), Count(VenueId.MeteoraDlmm), Count(VenueId.RaydiumClmm), Count(VenueId.PumpFun), Count(VenueId.JupiterV6)));
        Assert.Equal((3, 0), (Count(VenueId.Phoenix), Count(VenueId.Unknown))); // fills on the order book below Jupiter
        Assert.All(Block.Transactions.Where(t => t.Record.Flags.HasFlag(TransactionFlags.Failed)), t => Assert.True(t.Swaps.IsEmpty));
        Assert.Equal(20, swaps.Count(s => s.Flags.HasFlag(SwapFlags.Routed)));
    }

    [Fact]
    public void Swaps_match_the_movements_of_the_pools_vaults()
    {
        var checkedSwaps = 0;
        foreach (var transaction in Block.Transactions)
        {
            foreach (var swap in transaction.Swaps)
            {
                Assert.False(swap.MintIn.IsZero || swap.MintOut.IsZero || swap.Trader.IsZero || swap.Program.IsZero);
                Assert.True(swap is { AmountIn: > 0, AmountOut: > 0 } && swap.MintIn != swap.MintOut && swap.AmountOut >= swap.MinimumAmountOut || swap.Venue == VenueId.PumpFun);
                if (swap.Venue is VenueId.PumpFun or VenueId.Unknown || transaction.Swaps.Length > 1)
                {
                    continue;
                }

                // With one swap in the transaction, some account's balance rose by what was given and some fell by what was got.
                Assert.True(StatusMeta.TryParse(transaction.Meta.Span, out var meta));
                Assert.True(Moved(in meta, swap.MintIn, (long)swap.AmountIn, swap.ReserveInBefore));
                Assert.True(Moved(in meta, swap.MintOut, -(long)swap.AmountOut, swap.ReserveOutBefore));
                checkedSwaps++;
            }
        }

        Assert.True(checkedSwaps >= 100, $"only {checkedSwaps} swaps could be checked");
    }

    [Fact]
    public void WriteFrames_writes_one_block_and_one_frame_a_transaction()
    {
        var frames = new ArrayBufferWriter<byte>();
        Block.WriteFrames(frames);
        var reader = new FrameReader();
        var left = frames.WrittenSpan;
        Assert.Equal(FrameStatus.Done, reader.TryRead(ref left, out var frame));
        Assert.True(BlockView.TryRead(new RecordView(Lsn.None, frame), out var block));
        Assert.Equal(285_000_037UL, block.Record.Slot);
        foreach (var transaction in Block.Transactions)
        {
            Assert.Equal(FrameStatus.Done, reader.TryRead(ref left, out frame));
            Assert.True(TransactionView.TryRead(new RecordView(Lsn.None, frame), out var view));
            Assert.Equal(transaction.Record.Signature, view.Record.Signature);
            Assert.True(view.Wire.SequenceEqual(transaction.Wire.Span) && view.Meta.SequenceEqual(transaction.Meta.Span));
            Assert.Equal(transaction.Swaps.Length, view.Swaps.Length);
        }

        Assert.True(left.IsEmpty);
    }

    private static bool Moved(in StatusMeta meta, Pubkey mint, long change, ulong before)
    {
        foreach (var pre in meta.PreTokenBalances)
        {
            foreach (var post in meta.PostTokenBalances)
            {
                if (pre.AccountIndex == post.AccountIndex && pre.Mint == mint && pre.Amount == before && (long)(post.Amount - pre.Amount) == change)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
