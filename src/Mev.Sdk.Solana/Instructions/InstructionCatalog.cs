using Mev.Sdk.Solana.Addresses;
using Mev.Sdk.Solana.Internal;
using Mev.Sdk.Solana.Venues;
using static Mev.Sdk.Solana.Instructions.InstructionLayout;

namespace Mev.Sdk.Solana.Instructions;

/// <summary>Names of instructions, their accounts and arguments.</summary>
/// <remarks>
/// Sources: <c>SystemInstruction</c>, <c>ComputeBudgetInstruction</c>, <c>VoteInstruction</c> of the Solana SDK; <c>TokenInstruction</c> of SPL Token; the associated-token-account and memo
/// programs; published sources and IDLs of Raydium, Orca, Pump.fun, Meteora and Jupiter. Where none is listed, <see cref="AnchorNames"/> and the venue's own table tell the name.
/// </remarks>
internal static class InstructionCatalog
{
    private const string WhirlpoolSwap = "tokenProgram tokenAuthority pool tokenOwnerAccountA vaultA tokenOwnerAccountB vaultB tickArray0 tickArray1 tickArray2 oracle";
    private const string ClmmSwap = "payer ammConfig pool inputTokenAccount outputTokenAccount inputVault outputVault observationState";
    private const string CpmmSwap = "payer authority ammConfig pool inputTokenAccount outputTokenAccount inputVault outputVault inputTokenProgram outputTokenProgram inputTokenMint outputTokenMint observationState";
    private const string DlmmSwap = "pool binArrayBitmapExtension reserveX reserveY userTokenIn userTokenOut tokenXMint tokenYMint oracle hostFeeIn user";
    private const string RaydiumOrderBook = "serumProgram serumMarket serumBids serumAsks serumEventQueue serumCoinVault serumPcVault serumVaultSigner userSource userDestination userOwner";
    private const string RouteTail = "inAmount:u64@19 quotedOutAmount:u64@11 slippageBps:u16@3 platformFeeBps:u8@1";
    private const string ExactOutTail = "outAmount:u64@19 quotedInAmount:u64@11 slippageBps:u16@3 platformFeeBps:u8@1";
    private const string PumpTrade = "global feeRecipient mint bondingCurve associatedBondingCurve associatedUser user systemProgram";
    private const string PumpSwapTrade = "pool user globalConfig baseMint quoteMint userBaseTokenAccount userQuoteTokenAccount poolBaseTokenAccount poolQuoteTokenAccount protocolFeeRecipient protocolFeeRecipientTokenAccount";

    private static readonly InstructionLayout[] SystemProgram =
    [
        Tagged("createAccount", [0, 0, 0, 0], "source newAccount", "lamports:u64 space:u64 owner:key"),
        Tagged("assign", [1, 0, 0, 0], "account", "owner:key"),
        Tagged("transfer", [2, 0, 0, 0], "source destination", "lamports:u64"),
        Tagged("createAccountWithSeed", [3, 0, 0, 0], "source newAccount base", "base:key"),
        Tagged("advanceNonce", [4, 0, 0, 0], "nonceAccount recentBlockhashesSysvar nonceAuthority"),
        Tagged("withdrawNonce", [5, 0, 0, 0], "nonceAccount destination recentBlockhashesSysvar rentSysvar nonceAuthority", "lamports:u64"),
        Tagged("initializeNonce", [6, 0, 0, 0], "nonceAccount recentBlockhashesSysvar rentSysvar", "nonceAuthority:key"),
        Tagged("authorizeNonce", [7, 0, 0, 0], "nonceAccount nonceAuthority", "newAuthority:key"),
        Tagged("allocate", [8, 0, 0, 0], "account", "space:u64"),
        Tagged("allocateWithSeed", [9, 0, 0, 0], "account base", "base:key"),
        Tagged("assignWithSeed", [10, 0, 0, 0], "account base", "base:key"),
        Tagged("transferWithSeed", [11, 0, 0, 0], "source sourceBase destination", "lamports:u64"),
        Tagged("upgradeNonce", [12, 0, 0, 0], "nonceAccount"),
    ];

    private static readonly InstructionLayout[] ComputeBudgetProgram =
    [
        Tagged("requestUnits", [0], fields: "units:u32 additionalFee:u32"),
        Tagged("requestHeapFrame", [1], fields: "bytes:u32"),
        Tagged("setComputeUnitLimit", [2], fields: "units:u32"),
        Tagged("setComputeUnitPrice", [3], fields: "microLamports:u64"),
        Tagged("setLoadedAccountsDataSizeLimit", [4], fields: "bytes:u32"),
    ];

    private static readonly InstructionLayout[] TokenProgram =
    [
        Tagged("initializeMint", [0], "mint rentSysvar", "decimals:u8 mintAuthority:key"),
        Tagged("initializeAccount", [1], "account mint owner rentSysvar"),
        Tagged("initializeMultisig", [2], "multisig rentSysvar", "m:u8"),
        Tagged("transfer", [3], "source destination authority", "amount:u64"),
        Tagged("approve", [4], "source delegate owner", "amount:u64"),
        Tagged("revoke", [5], "source owner"),
        Tagged("setAuthority", [6], "owned authority", "authorityType:u8"),
        Tagged("mintTo", [7], "mint account mintAuthority", "amount:u64"),
        Tagged("burn", [8], "account mint authority", "amount:u64"),
        Tagged("closeAccount", [9], "account destination owner"),
        Tagged("freezeAccount", [10], "account mint freezeAuthority"),
        Tagged("thawAccount", [11], "account mint freezeAuthority"),
        Tagged("transferChecked", [12], "source mint destination authority", "amount:u64 decimals:u8"),
        Tagged("approveChecked", [13], "source mint delegate owner", "amount:u64 decimals:u8"),
        Tagged("mintToChecked", [14], "mint account mintAuthority", "amount:u64 decimals:u8"),
        Tagged("burnChecked", [15], "account mint authority", "amount:u64 decimals:u8"),
        Tagged("initializeAccount2", [16], "account mint rentSysvar", "owner:key"),
        Tagged("syncNative", [17], "account"),
        Tagged("initializeAccount3", [18], "account mint", "owner:key"),
        Tagged("initializeMultisig2", [19], "multisig", "m:u8"),
        Tagged("initializeMint2", [20], "mint", "decimals:u8 mintAuthority:key"),
        Tagged("getAccountDataSize", [21], "mint"),
        Tagged("initializeImmutableOwner", [22], "account"),
        Tagged("amountToUiAmount", [23], "mint", "amount:u64"),
        Tagged("uiAmountToAmount", [24], "mint"),
        Tagged("transferCheckedWithFee", [26, 1], "source mint destination authority", "amount:u64 decimals:u8 fee:u64"),
    ];

    private static readonly InstructionLayout[] AssociatedTokenProgram =
    [
        Tagged("recoverNested", [2], "nestedAccount nestedMint destination ownerAccount ownerMint wallet tokenProgram"),
        Tagged("createIdempotent", [1], "source account wallet mint systemProgram tokenProgram"),
        Tagged("create", [], "source account wallet mint systemProgram tokenProgram"), // data is empty, or one byte 0
    ];

    private static readonly InstructionLayout[] MemoProgram = [Tagged("memo", [], fields: "memo:utf8")];

    private static readonly InstructionLayout[] VoteProgram =
    [
        Tagged("vote", [2, 0, 0, 0], "voteAccount slotHashesSysvar clockSysvar voteAuthority"),
        Tagged("withdraw", [3, 0, 0, 0], "voteAccount destination withdrawAuthority", "lamports:u64"),
        Tagged("voteSwitch", [6, 0, 0, 0], "voteAccount slotHashesSysvar clockSysvar voteAuthority"),
        Tagged("updateVoteState", [8, 0, 0, 0], "voteAccount voteAuthority"),
        Tagged("updateVoteStateSwitch", [9, 0, 0, 0], "voteAccount voteAuthority"),
        Tagged("compactUpdateVoteState", [12, 0, 0, 0], "voteAccount voteAuthority"),
        Tagged("compactUpdateVoteStateSwitch", [13, 0, 0, 0], "voteAccount voteAuthority"),
        Tagged("towerSync", [14, 0, 0, 0], "voteAccount voteAuthority"),
        Tagged("towerSyncSwitch", [15, 0, 0, 0], "voteAccount voteAuthority"),
    ];

    private static readonly Dictionary<Pubkey, InstructionLayout[]> ByProgram = new()
    {
        [KnownPrograms.System] = SystemProgram,
        [KnownPrograms.ComputeBudget] = ComputeBudgetProgram,
        [KnownPrograms.Token] = TokenProgram,
        [KnownPrograms.Token2022] = TokenProgram,
        [KnownPrograms.AssociatedToken] = AssociatedTokenProgram,
        [KnownPrograms.Memo] = MemoProgram,
        [KnownPrograms.MemoV1] = MemoProgram,
        [KnownPrograms.Vote] = VoteProgram,
        [KnownPrograms.RaydiumV4] =
        [
            Tagged("initialize2", [1], "tokenProgram associatedTokenProgram systemProgram rentSysvar pool authority openOrders lpMint coinMint pcMint", "nonce:u8 openTime:u64 initPcAmount:u64 initCoinAmount:u64"),
            Tagged("deposit", [3], "tokenProgram pool authority openOrders", "maxCoinAmount:u64 maxPcAmount:u64 baseSide:u64"),
            Tagged("withdraw", [4], "tokenProgram pool authority openOrders", "amount:u64"),
            Tagged("swapBaseIn", [9], "tokenProgram pool authority openOrders targetOrders coinVault pcVault " + RaydiumOrderBook, "amountIn:u64 minimumAmountOut:u64", minAccounts: 18),
            Tagged("swapBaseIn", [9], "tokenProgram pool authority openOrders coinVault pcVault " + RaydiumOrderBook, "amountIn:u64 minimumAmountOut:u64"),
            Tagged("swapBaseOut", [11], "tokenProgram pool authority openOrders targetOrders coinVault pcVault " + RaydiumOrderBook, "maxAmountIn:u64 amountOut:u64", minAccounts: 18),
            Tagged("swapBaseOut", [11], "tokenProgram pool authority openOrders coinVault pcVault " + RaydiumOrderBook, "maxAmountIn:u64 amountOut:u64"),
            Tagged("swapBaseInV2", [16], "tokenProgram pool authority coinVault pcVault userSource userDestination userOwner", "amountIn:u64 minimumAmountOut:u64"),
            Tagged("swapBaseOutV2", [17], "tokenProgram pool authority coinVault pcVault userSource userDestination userOwner", "maxAmountIn:u64 amountOut:u64"),
        ],
        [KnownPrograms.RaydiumClmm] =
        [
            Anchor("swap", ClmmSwap + " tokenProgram tickArray", "amount:u64 otherAmountThreshold:u64 sqrtPriceLimit:u128 isBaseInput:bool"),
            Anchor("swap_v2", ClmmSwap + " tokenProgram tokenProgram2022 memoProgram inputVaultMint outputVaultMint", "amount:u64 otherAmountThreshold:u64 sqrtPriceLimit:u128 isBaseInput:bool"),
        ],
        [KnownPrograms.RaydiumCpmm] =
        [
            Anchor("swap_base_input", CpmmSwap, "amountIn:u64 minimumAmountOut:u64"),
            Anchor("swap_base_output", CpmmSwap, "maxAmountIn:u64 amountOut:u64"),
        ],
        [KnownPrograms.OrcaWhirlpool] =
        [
            Anchor("swap", WhirlpoolSwap, "amount:u64 otherAmountThreshold:u64 sqrtPriceLimit:u128 amountSpecifiedIsInput:bool aToB:bool"),
            Anchor("swap_v2", "tokenProgramA tokenProgramB memoProgram tokenAuthority pool tokenMintA tokenMintB tokenOwnerAccountA vaultA tokenOwnerAccountB vaultB tickArray0 tickArray1 tickArray2 oracle", "amount:u64 otherAmountThreshold:u64 sqrtPriceLimit:u128 amountSpecifiedIsInput:bool aToB:bool"),
        ],
        [KnownPrograms.MeteoraDlmm] =
        [
            Anchor("swap", DlmmSwap, "amountIn:u64 minAmountOut:u64"),
            Anchor("swap2", DlmmSwap, "amountIn:u64 minAmountOut:u64"),
            Anchor("swap_exact_out", DlmmSwap, "maxInAmount:u64 outAmount:u64"),
            Anchor("swap_exact_out2", DlmmSwap, "maxInAmount:u64 outAmount:u64"),
        ],
        [KnownPrograms.PumpFun] =
        [
            Anchor("buy", PumpTrade, "amount:u64 maxSolCost:u64"),
            Anchor("sell", PumpTrade, "amount:u64 minSolOutput:u64"),
            Anchor("buy_exact_sol_in", PumpTrade, "spendableSolIn:u64 minTokensOut:u64"),
        ],
        [KnownPrograms.PumpSwap] =
        [
            Anchor("buy", PumpSwapTrade, "baseAmountOut:u64 maxQuoteAmountIn:u64"),
            Anchor("sell", PumpSwapTrade, "baseAmountIn:u64 minQuoteAmountOut:u64"),
        ],
        [KnownPrograms.JupiterV6] =
        [
            Anchor("route", "tokenProgram userTransferAuthority userSourceTokenAccount userDestinationTokenAccount destinationTokenAccount destinationMint platformFeeAccount eventAuthority program", RouteTail),
            Anchor("shared_accounts_route", "tokenProgram programAuthority userTransferAuthority sourceTokenAccount programSourceTokenAccount programDestinationTokenAccount destinationTokenAccount sourceMint destinationMint platformFeeAccount token2022Program eventAuthority program", RouteTail),
            Anchor("exact_out_route", "tokenProgram userTransferAuthority userSourceTokenAccount userDestinationTokenAccount destinationTokenAccount sourceMint destinationMint platformFeeAccount token2022Program eventAuthority program", ExactOutTail),
            Anchor("shared_accounts_exact_out_route", "tokenProgram programAuthority userTransferAuthority sourceTokenAccount programSourceTokenAccount programDestinationTokenAccount destinationTokenAccount sourceMint destinationMint platformFeeAccount token2022Program eventAuthority program", ExactOutTail),
        ],
    };

    /// <summary>Finds what is known about an instruction.</summary>
    /// <param name="program">Its program.</param>
    /// <param name="entry">What is known about that.</param>
    /// <param name="data">Its data.</param>
    /// <param name="accounts">How many accounts it names.</param>
    public static DescribedInstruction Find(Pubkey program, ProgramEntry entry, ReadOnlySpan<byte> data, int accounts)
    {
        InstructionShape? shape = entry.Venue is { } venue && venue.Find(data, accounts) is >= 0 and var found ? venue.Instructions[found] : null;
        if (ByProgram.TryGetValue(program, out var layouts))
        {
            foreach (var layout in layouts)
            {
                if (layout.Matches(data, accounts))
                {
                    return new DescribedInstruction(layout, layout.Name, shape);
                }
            }
        }

        // Programs of the runtime are not made with Anchor, so there a chance meeting of 8 bytes would be one.
        var name = entry.Kind is > ProgramKind.Unknown and < ProgramKind.Aggregator ? null : AnchorNames.Find(data);
        return new DescribedInstruction(InstructionLayout.Unknown, name ?? RoleOf(shape), shape);
    }

    private static string? RoleOf(InstructionShape? shape) => shape?.Role switch
    {
        InstructionRole.Swap => "swap",
        InstructionRole.AddLiquidity => "add liquidity",
        InstructionRole.RemoveLiquidity => "remove liquidity",
        InstructionRole.CreatePool => "create pool",
        _ => null,
    };
}
