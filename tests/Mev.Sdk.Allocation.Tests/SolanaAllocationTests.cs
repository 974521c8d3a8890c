using Mev.Sdk.Records;
using Mev.Sdk.Solana.Addresses;
using Mev.Sdk.Solana.Effects;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Allocation.Tests;

public sealed class SolanaAllocationTests
{
    private static readonly Pubkey Pool = Key(3);
    private static readonly (byte[] Wire, byte[] Meta) Swap = MakeSwap();

    private static Pubkey Key(byte seed)
    {
        var bytes = new byte[Pubkey.Size];
        bytes.AsSpan().Fill(seed);
        return new Pubkey(bytes);
    }

    // A PumpSwap buy: user, pool, two vaults, two accounts of the user, authority, mints, programs.
    private static (byte[] Wire, byte[] Meta) MakeSwap()
    {
        var wire = new TransactionBuilder().AddSignature(new Signature(new byte[64])).SetHeader(1, 0, 2).SetRecentBlockhash(Key(99));
        foreach (var key in (Pubkey[])[Key(1), Key(2), Pool, Key(4), Key(5), Key(6), Key(7), KnownMints.WrappedSol, KnownPrograms.PumpSwap, KnownPrograms.Token])
        {
            wire.AddKey(in key);
        }

        byte[] data = [0x66, 0x06, 0x3d, 0x12, 0x01, 0xda, 0xeb, 0xea, .. BitConverter.GetBytes(240UL), .. BitConverter.GetBytes(110UL)];
        wire.AddInstruction(8, [2, 0, 1, 7, 7, 5, 6, 3, 4], data);
        var meta = new StatusMetaBuilder().SetFee(5_000).AddLogMessage("a line")
            .AddInnerInstruction(0, 9, [5, 3, 0], [3, .. BitConverter.GetBytes(100UL)])
            .AddInnerInstruction(0, 9, [4, 6, 1], [3, .. BitConverter.GetBytes(250UL)]);
        foreach (var (index, mint, owner) in ((byte, Pubkey, Pubkey)[])[(3, KnownMints.WrappedSol, Key(2)), (4, Key(50), Key(2)), (5, KnownMints.WrappedSol, Key(1)), (6, Key(50), Key(1))])
        {
            var balance = new TokenBalance(index, mint, owner, KnownPrograms.Token, 9_000, 6);
            meta.AddPreTokenBalance(in balance).AddPostTokenBalance(in balance);
        }

        return (wire.ToArray(), meta.ToArray());
    }

    [Fact]
    public void Parsing_wire_and_meta_and_walking_all_parts_allocates_nothing()
    {
        ulong sum = 0;
        AllocationAssert.None(() =>
        {
            sum += WireTransaction.TryParse(Swap.Wire, out var transaction) ? 1u : 0;
            sum += StatusMeta.TryParse(Swap.Meta, out var meta) ? 1u : 0;
            foreach (var instruction in transaction.Instructions)
            {
                sum += (ulong)instruction.Data.Length;
            }

            foreach (var instruction in meta.InnerInstructions)
            {
                sum += (ulong)instruction.Data.Length;
            }

            foreach (var balance in meta.PreTokenBalances)
            {
                sum += balance.Amount;
            }

            foreach (var line in meta.LogMessages)
            {
                sum += (ulong)line.Length;
            }
        });
        Assert.NotEqual(0UL, sum);
    }

    [Fact]
    public void Reading_what_a_transaction_did_allocates_nothing()
    {
        var effects = new TransactionEffects();
        ulong sum = 0;
        AllocationAssert.None(() =>
        {
            effects.Read(Swap.Wire, Swap.Meta, out _);
            sum += effects.Swaps[0].AmountOut + (ulong)effects.Movements.Length;
        });
        Assert.Equal((100UL, 250UL, Pool), (effects.Swaps[0].AmountIn, effects.Swaps[0].AmountOut, effects.Swaps[0].Pool));
        Assert.NotEqual(0UL, sum);
    }

    [Fact]
    public void Decoding_a_record_allocates_nothing()
    {
        var decoder = new TransactionDecoder(EffectKinds.All);
        var swaps = new List<SwapEntry>();
        AllocationAssert.None(() => decoder.TryDecode(Swap.Wire, Swap.Meta, new SightingContext(1), out _, swaps, out _));
        Assert.Single(swaps);
    }

    [Fact]
    public void Base58_of_keys_and_signatures_allocates_nothing()
    {
        var text = new byte[Signature.MaxTextLength];
        AllocationAssert.None(() =>
        {
            Base58.Encode64(Swap.Wire.AsSpan(1, 64), text);
            Base58.Encode32(Pubkey.AsSpan(in Pool), text);
        });
    }
}
