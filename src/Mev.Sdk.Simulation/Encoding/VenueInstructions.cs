using System.Buffers.Binary;
using Mev.Sdk.Records;
using Mev.Sdk.Simulation.Execution;
using Mev.Sdk.Simulation.State;
using Mev.Sdk.Solana.Addresses;

namespace Mev.Sdk.Simulation.Encoding;

/// <summary>Swaps as the three venues' programs are asked for them, and the token transfers that they make.</summary>
/// <remarks>
/// Layouts: Raydium AMM v4 <c>AmmInstruction::SwapBaseIn</c> (raydium-amm, instruction.rs); Orca Whirlpool <c>swap</c> (whirlpools,
/// instructions/swap.rs); PumpSwap <c>buy</c> and <c>sell</c> (pump-fun's published IDL). Anchor discriminators are the first 8 bytes of
/// SHA-256("global:" + name).
/// </remarks>
internal static class VenueInstructions
{
    private const byte RaydiumSwapBaseIn = 9;
    private const byte RaydiumWithdraw = 4;

    /// <summary>Accounts that each venue's instructions name besides the pool and its vaults.</summary>
    public const int RaydiumAccounts = 9;

    /// <inheritdoc cref="RaydiumAccounts"/>
    public const int OrcaAccounts = 4;

    /// <inheritdoc cref="RaydiumAccounts"/>
    public const int PumpSwapAccounts = 2;

    private static ReadOnlySpan<byte> OrcaSwap => [0xF8, 0xC6, 0x9E, 0x91, 0xE1, 0x75, 0x87, 0xC8];

    private static ReadOnlySpan<byte> OrcaDecreaseLiquidity => [0xA0, 0x26, 0xD0, 0x6F, 0x68, 0x5B, 0x2C, 0x01];

    private static ReadOnlySpan<byte> PumpSwapBuy => [0x66, 0x06, 0x3D, 0x12, 0x01, 0xDA, 0xEB, 0xEA];

    private static ReadOnlySpan<byte> PumpSwapSell => [0x33, 0xE6, 0x85, 0xA4, 0x01, 0x7F, 0x83, 0xAD];

    private static ReadOnlySpan<byte> PumpSwapWithdraw => [0xB7, 0x12, 0x46, 0x9C, 0x94, 0x6D, 0xA1, 0x22];

    /// <summary>What the program answers when a swap's terms do not hold.</summary>
    public static uint SlippageError(VenueId venue) => venue switch
    {
        VenueId.RaydiumV4 => 30, // AmmError::ExceededSlippage
        VenueId.OrcaWhirlpool => 6036, // ErrorCode::AmountOutBelowMinimum
        _ => 6004, // ExceededSlippage
    };

    /// <summary>Adds the instruction of a swap.</summary>
    /// <returns>Its index.</returns>
    public static int Swap(TransactionDraft draft, MarketState state, int wallet, in SwapTerms terms)
    {
        Span<byte> data = stackalloc byte[42];
        var length = SwapData(in terms, data);
        return AddInstruction(draft, state, wallet, terms.Pool, terms.Buy, data[..length]);
    }

    /// <summary>Adds the instruction that takes liquidity out.</summary>
    /// <returns>Its index.</returns>
    public static int Withdraw(TransactionDraft draft, MarketState state, int wallet, Pool pool, ulong shares)
    {
        Span<byte> data = stackalloc byte[40];
        data.Clear();
        switch (pool.Venue)
        {
            case VenueId.RaydiumV4:
                data[0] = RaydiumWithdraw;
                BinaryPrimitives.WriteUInt64LittleEndian(data[1..], shares);
                return AddInstruction(draft, state, wallet, pool, buy: false, data[..9]);
            case VenueId.OrcaWhirlpool:
                OrcaDecreaseLiquidity.CopyTo(data);
                BinaryPrimitives.WriteUInt64LittleEndian(data[8..], shares); // the low half of a u128; the two minima behind it are 0
                return AddInstruction(draft, state, wallet, pool, buy: false, data[..40]);
            default:
                PumpSwapWithdraw.CopyTo(data);
                BinaryPrimitives.WriteUInt64LittleEndian(data[8..], shares);
                return AddInstruction(draft, state, wallet, pool, buy: false, data[..32]);
        }
    }

    /// <summary>Adds one of the venue's token transfers below its instruction.</summary>
    public static void Transfer(TransactionDraft draft, MarketState state, int outer, int wallet, Pool pool, bool sol, bool intoPool, ulong amount)
    {
        var mint = sol ? 0 : pool.Token.MintIndex;
        var user = draft.TokenAccount(wallet, mint);
        var vault = draft.PoolAccount(pool, sol ? Pool.SolVaultAt : Pool.TokenVaultAt, writable: true);
        var authority = intoPool ? draft.Wallet(wallet) : PoolAuthority(draft, pool);
        var (source, destination) = intoPool ? (user, vault) : (vault, user);
        if (pool.Venue == VenueId.PumpSwap)
        {
            CommonInstructions.InnerTransfer(draft, outer, [source, draft.Constant(state.Mint(mint)), destination, authority], amount, state.Decimals(mint));
        }
        else
        {
            CommonInstructions.InnerTransfer(draft, outer, [source, destination, authority], amount, decimals: 0);
        }
    }

    private static byte PoolAuthority(TransactionDraft draft, Pool pool) => pool.Venue == VenueId.RaydiumV4
        ? draft.Constant(in WellKnownAddresses.RaydiumV4Authority)
        : draft.PoolAccount(pool, Pool.AddressAt, writable: true);

    private static int SwapData(in SwapTerms terms, Span<byte> data)
    {
        data.Clear();
        switch (terms.Pool.Venue)
        {
            case VenueId.RaydiumV4:
                data[0] = RaydiumSwapBaseIn;
                BinaryPrimitives.WriteUInt64LittleEndian(data[1..], terms.AmountIn);
                BinaryPrimitives.WriteUInt64LittleEndian(data[9..], terms.AmountOut);
                return 17;
            case VenueId.OrcaWhirlpool:
                // Token A is wrapped SOL, so a buy goes from A to B; a square-root price limit of 0 means none.
                OrcaSwap.CopyTo(data);
                BinaryPrimitives.WriteUInt64LittleEndian(data[8..], terms.AmountIn);
                BinaryPrimitives.WriteUInt64LittleEndian(data[16..], terms.AmountOut);
                data[40] = 1;
                data[41] = terms.Buy ? (byte)1 : (byte)0;
                return 42;
            default:
                (terms.Buy ? PumpSwapBuy : PumpSwapSell).CopyTo(data);
                BinaryPrimitives.WriteUInt64LittleEndian(data[8..], terms.Buy ? terms.AmountOut : terms.AmountIn);
                BinaryPrimitives.WriteUInt64LittleEndian(data[16..], terms.Buy ? terms.AmountIn : terms.AmountOut);
                return 24;
        }
    }

    private static int AddInstruction(TransactionDraft draft, MarketState state, int wallet, Pool pool, bool buy, ReadOnlySpan<byte> data)
    {
        var userSol = draft.TokenAccount(wallet, 0);
        var userToken = draft.TokenAccount(wallet, pool.Token.MintIndex);
        var user = draft.Wallet(wallet);
        var token = draft.Constant(in KnownPrograms.Token);
        switch (pool.Venue)
        {
            case VenueId.RaydiumV4:
                return draft.Instruction(
                    in KnownPrograms.RaydiumV4,
                    [
                        token, Own(Pool.AddressAt), draft.Constant(in WellKnownAddresses.RaydiumV4Authority), Further(0), Further(1),
                        Own(Pool.TokenVaultAt), Own(Pool.SolVaultAt), draft.Constant(in WellKnownAddresses.OpenBook), Further(2), Further(3), Further(4), Further(5),
                        Further(6), Further(7), draft.PoolAccount(pool, Pool.VenueAccountsAt + 8, writable: false),
                        buy ? userSol : userToken, buy ? userToken : userSol, user,
                    ],
                    data);
            case VenueId.OrcaWhirlpool:
                return draft.Instruction(
                    in KnownPrograms.OrcaWhirlpool,
                    [
                        token, user, Own(Pool.AddressAt), userSol, Own(Pool.SolVaultAt), userToken, Own(Pool.TokenVaultAt),
                        Further(0), Further(1), Further(2), draft.PoolAccount(pool, Pool.VenueAccountsAt + 3, writable: false),
                    ],
                    data);
            default:
                return draft.Instruction(
                    in KnownPrograms.PumpSwap,
                    [
                        Own(Pool.AddressAt), user, draft.Constant(in WellKnownAddresses.PumpSwapConfiguration), draft.Constant(pool.Token.Mint),
                        draft.Constant(in KnownMints.WrappedSol), userToken, userSol, Own(Pool.TokenVaultAt), Own(Pool.SolVaultAt),
                        draft.PoolAccount(pool, Pool.VenueAccountsAt, writable: false), Further(1), token, token,
                        draft.Constant(in KnownPrograms.System), draft.Constant(in KnownPrograms.AssociatedToken),
                        draft.Constant(in WellKnownAddresses.PumpSwapEventAuthority), draft.Constant(in KnownPrograms.PumpSwap),
                    ],
                    data);
        }

        byte Own(int position) => draft.PoolAccount(pool, position, writable: true);
        byte Further(int position) => draft.PoolAccount(pool, Pool.VenueAccountsAt + position, writable: true);
    }
}
