using Mev.Sdk.Records;
using Mev.Sdk.Solana.Addresses;
using Mev.Sdk.Solana.Instructions;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Tests.Venues;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Solana.Tests.Transactions;

public sealed class TransactionDecoderTests
{
    private static readonly Pubkey Tip = JitoTips.Accounts[3];

    private static SwapScene Busy() => new SwapScene()
        .Token("user sol", "SOL", "user", 1_000, 9).Token("vault sol", "SOL", "authority", 5_000, 9).Token("vault token", "token", "authority", 9_000)
        .Outer(KnownPrograms.ComputeBudget, "", [2, 0x40, 0x0D, 0x03, 0])
        .Outer(KnownPrograms.ComputeBudget, "", [3, .. SwapScene.U64(12_345)])
        .Outer(KnownPrograms.System, $"user,{Tip}", [2, 0, 0, 0, .. SwapScene.U64(1_000)])
        .Outer(KnownPrograms.RaydiumCpmm, "user,authority,configuration,pool,user sol,user token,vault sol,vault token", SwapScene.Anchor("swap_base_input", 100, 1))
        .Transfer("user sol", "vault sol", "user", 100)
        .Transfer("vault token", "user token", "authority", 250)
        .Lamports("user", Tip.ToString(), 500);

    [Fact]
    public void TryDecode_fills_the_record()
    {
        var (wire, meta) = Busy().Build();
        var context = new SightingContext(77, 1_700_000_000, 5, SightingStage.Confirmed, TransactionFlags.Simulated);
        var swaps = new List<SwapEntry> { default };
        Assert.True(new TransactionDecoder().TryDecode(wire, meta, in context, out var record, swaps, out var error));
        Assert.Null(error);
        Assert.Equal((Samples.Sig(1), SwapScene.Named("user")), (record.Signature, record.Payer));
        Assert.Equal((77UL, 1_700_000_000L, 5u, SightingStage.Confirmed), (record.Slot, record.BlockTimeSeconds, record.IndexInBlock, record.Stage));
        Assert.Equal((200_000u, 12_345UL), (record.ComputeUnitLimit, record.ComputeUnitPriceMicroLamports));
        Assert.Equal((5_000UL, 1_500UL), (record.FeeLamports, record.TipLamports));
        Assert.Equal(TransactionFlags.HasMeta | TransactionFlags.Simulated, record.Flags);
        Assert.Equal((0, 1, 4), (record.MessageFormat, record.SignatureCount, record.InstructionCount));
        Assert.Single(swaps);
    }

    [Fact]
    public void TryDecode_without_meta_keeps_what_the_wire_says()
    {
        var swaps = new List<SwapEntry>();
        Assert.True(new TransactionDecoder().TryDecode(Busy().Build().Wire, [], new SightingContext(1), out var record, swaps, out _));
        Assert.Equal((TransactionFlags.None, 0UL, 1_000UL, 200_000u), (record.Flags, record.FeeLamports, record.TipLamports, record.ComputeUnitLimit));
        Assert.Empty(swaps);
    }

    [Fact]
    public void TryDecode_failed_transaction_tells_why_and_has_paid_no_tip()
    {
        var (record, _) = Busy().Fail().Decode();
        Assert.Equal(TransactionFlags.HasMeta | TransactionFlags.Failed, record.Flags);
        Assert.Equal((TransactionErrorCode.InstructionError, 0, InstructionErrorCode.Custom, 1u), (record.ErrorCode, record.ErrorInstruction, record.ErrorInstructionCode, record.ErrorCustomCode));
        Assert.Equal(0UL, record.TipLamports);
    }

    [Fact]
    public void TryDecode_tip_with_seed_counts_and_tips_saturate()
    {
        var (record, _) = new SwapScene()
            .Outer(KnownPrograms.System, $"user,base,{Tip}", [11, 0, 0, 0, .. SwapScene.U64(ulong.MaxValue)])
            .Outer(KnownPrograms.System, $"user,{Tip}", [2, 0, 0, 0, .. SwapScene.U64(9)])
            .Outer(KnownPrograms.System, $"user,{Tip}", [2, 0, 0, 0])
            .Outer(KnownPrograms.System, "user", [2, 0, 0, 0, .. SwapScene.U64(9)])
            .Decode();
        Assert.Equal(ulong.MaxValue, record.TipLamports);
    }

    [Fact]
    public void TryDecode_vote_is_a_transaction_of_the_vote_program_alone()
    {
        Assert.True(new SwapScene().Outer(KnownPrograms.Vote, "user", [12]).Decode().Record.Flags.HasFlag(TransactionFlags.Vote));
        Assert.False(new SwapScene().Outer(KnownPrograms.Vote, "user", [12]).Outer(KnownPrograms.Memo, "", [65]).Decode().Record.Flags.HasFlag(TransactionFlags.Vote));
    }

    [Fact]
    public void TryDecode_resolves_loaded_keys_in_their_order()
    {
        var wire = new TransactionBuilder().AddSignature(Samples.Sig(1)).SetHeader(1, 0, 1)
            .AddKey(Samples.Key(1)).AddKey(KnownPrograms.System).SetRecentBlockhash(Samples.Key(2))
            .AddInstruction(1, [0, 2], [2, 0, 0, 0, .. SwapScene.U64(7)])
            .AddInstruction(1, [0, 3], [2, 0, 0, 0, .. SwapScene.U64(9)])
            .AddLookup(Samples.Key(3), [1], [2]).ToArray();
        var meta = new StatusMetaBuilder().AddLoadedWritable(Samples.Key(5)).AddLoadedReadonly(in Tip).ToArray();
        Assert.True(new TransactionDecoder().TryDecode(wire, meta, new SightingContext(1), out var record, [], out _));
        Assert.Equal((9UL, 1), (record.TipLamports, record.MessageFormat));
    }

    [Theory]
    [InlineData("lookups", "meta: 1 writable and 0 readonly keys were loaded, the transaction's lookups ask for 0 and 0")]
    [InlineData("program", "meta: inner instruction 0 below outer instruction 0 names key 200; the transaction has 3")]
    [InlineData("account", "meta: inner instruction 0 below outer instruction 0 names key 3; the transaction has 3")]
    [InlineData("outer", "meta: inner instructions below outer instruction 2, which is out of order or does not exist; the transaction has 2")]
    [InlineData("bytes", "meta: byte 0: the status meta is not a TransactionStatusMeta protobuf message")]
    [InlineData("wire", "wire: byte 0: message version 2 is not supported; legacy, version 0 and version 1 are")]
    public void TryDecode_says_what_contradicts(string what, string expected)
    {
        var meta = what switch
        {
            "lookups" => new StatusMetaBuilder().AddLoadedWritable(Samples.Key(5)).ToArray(),
            "program" => new StatusMetaBuilder().AddInnerInstruction(0, 200, [], []).ToArray(),
            "account" => new StatusMetaBuilder().AddInnerInstruction(0, 0, [0, 3], []).ToArray(),
            "outer" => new StatusMetaBuilder().AddInnerInstruction(2, 0, [], []).ToArray(),
            "bytes" => [0xFF],
            _ => [],
        };
        var wire = what == "wire" ? [0x82] : Samples.Legacy().ToArray();
        Assert.False(new TransactionDecoder().TryDecode(wire, meta, new SightingContext(1), out _, [], out var error));
        Assert.Equal(expected, error);
    }

    [Theory]
    [InlineData(0, 1_022, true)] // and the two outer instructions of the sample
    [InlineData(0, 1_023, false)]
    [InlineData(1, 1_023, false)]
    public void TryDecode_bounds_the_instructions_that_were_executed(int outer, int count, bool decoded)
    {
        var meta = new StatusMetaBuilder();
        for (var i = 0; i < count; i++)
        {
            meta.AddInnerInstruction(outer, 0, [], [], stackHeight: 0);
        }

        Assert.Equal(decoded, new TransactionDecoder().TryDecode(Samples.Legacy().ToArray(), meta.ToArray(), new SightingContext(1), out _, [], out var error));
        Assert.Equal(decoded ? null : "meta: more than 1024 outer and inner instructions; the runtime does not execute so many in one transaction", error);
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    [InlineData(5_000_000, false)]
    public void TryDecode_bounds_the_accounts_of_an_inner_instruction(int count, bool decoded)
    {
        var wire = Samples.Legacy().ToArray();
        var meta = new StatusMetaBuilder().AddInnerInstruction(0, 0, [], []).AddInnerInstruction(0, 0, new byte[count], []).ToArray();
        var expected = decoded ? null : $"meta: inner instruction 1 below outer instruction 0 names {count} accounts; the runtime takes 255 at most";
        Assert.Equal(decoded, new TransactionDecoder().TryDecode(wire, meta, new SightingContext(1), out _, [], out var error));
        Assert.Equal(expected, error);
        Assert.Equal(decoded, TransactionTrace.TryRead(wire, meta, out _, out error));
        Assert.Equal(expected, error);
    }

    [Theory]
    [InlineData(2_048, true)]
    [InlineData(2_049, false)]
    public void TryDecode_bounds_the_accounts_of_the_outer_instructions(int count, bool decoded)
    {
        var wire = new TransactionBuilder().AddSignature(Samples.Sig(1)).SetHeader(1, 0, 1)
            .AddKey(Samples.Key(1)).AddKey(Samples.Key(3)).SetRecentBlockhash(Samples.Key(2))
            .AddInstruction(1, new byte[2_048], []).AddInstruction(1, new byte[count], []).ToArray();
        Assert.Equal(decoded, new TransactionDecoder().TryDecode(wire, [], new SightingContext(1), out _, [], out var error));
        Assert.Equal(decoded ? null : "wire: its instructions name more than 4096 accounts; no transaction is so long", error);
    }

    [Fact]
    public void TryDecode_bounds_the_instructions_of_the_wire()
    {
        var wire = Samples.Legacy();
        while (wire.InstructionCount < 1_025)
        {
            wire.AddInstruction(0, [], []);
        }

        Assert.False(new TransactionDecoder().TryDecode(wire.ToArray(), [], new SightingContext(1), out _, [], out var error));
        Assert.Equal("wire: 1025 instructions; at most 1024 can be decoded", error);
    }

    [Fact]
    public void TryDecode_changed_bytes_are_decoded_or_refused_with_a_reason()
    {
        var (wire, meta) = Busy().Build();
        var decoder = new TransactionDecoder();
        var swaps = new List<SwapEntry>();
        for (var at = 0; at < wire.Length + meta.Length; at++)
        {
            foreach (var flip in (byte[])[1, 2, 0x0F, 0x80, 0xFF])
            {
                var (w, m) = ((byte[])wire.Clone(), (byte[])meta.Clone());
                (at < wire.Length ? ref w[at] : ref m[at - wire.Length]) ^= flip;
                if (!decoder.TryDecode(w, m, new SightingContext(1), out _, swaps, out var error))
                {
                    Assert.False(string.IsNullOrEmpty(error));
                }
            }
        }

        for (var length = 1; length < meta.Length; length++)
        {
            decoder.TryDecode(wire, meta.AsSpan(0, length), new SightingContext(1), out _, swaps, out _);
        }

        // And the decoder is none the worse for it.
        Assert.True(decoder.TryDecode(wire, meta, new SightingContext(1), out var record, swaps, out _));
        Assert.Equal((1_500UL, 1), (record.TipLamports, swaps.Count));
    }

    [Fact]
    public void TryDecode_allocates_nothing_once_warm()
    {
        var (wire, meta) = Busy().Build();
        var decoder = new TransactionDecoder();
        var swaps = new List<SwapEntry>();
        for (var i = 0; i < 100; i++)
        {
            decoder.TryDecode(wire, meta, new SightingContext(1), out _, swaps, out _);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            decoder.TryDecode(wire, meta, new SightingContext(1), out _, swaps, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
