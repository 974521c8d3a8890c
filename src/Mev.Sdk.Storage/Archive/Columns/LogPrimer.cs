namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>Texts that public programs are known to log, a line each, in the form of templates: # stands for a number, &amp; for base64, @ for a key.</summary>
/// <remarks>
/// Part of the format: never changed, only replaced by another version. Written from the public sources of spl-token, token-2022, the associated-token-account and memo
/// programs, the Anchor framework (<c>lang/src/error.rs</c>), and the names of instructions in the published IDLs of the programs of <see cref="WellKnownKeys"/>; not from recorded transactions.
/// </remarks>
internal static class LogPrimer
{
    public static ReadOnlySpan<byte> Text =>
        """
        Instruction: InitializeMint
        Instruction: InitializeMint2
        Instruction: InitializeAccount
        Instruction: InitializeAccount2
        Instruction: InitializeAccount3
        Instruction: InitializeMultisig
        Instruction: InitializeImmutableOwner
        Instruction: Approve
        Instruction: ApproveChecked
        Instruction: Revoke
        Instruction: SetAuthority
        Instruction: MintTo
        Instruction: MintToChecked
        Instruction: Burn
        Instruction: BurnChecked
        Instruction: CloseAccount
        Instruction: FreezeAccount
        Instruction: ThawAccount
        Instruction: SyncNative
        Instruction: GetAccountDataSize
        Instruction: AmountToUiAmount
        Instruction: UiAmountToAmount
        Instruction: Transfer
        Instruction: TransferChecked
        TransferFeeInstruction: TransferCheckedWithFee
        Error: insufficient funds
        Error: owner does not match
        Error: Account is frozen
        Error: account mint does not match
        Create
        CreateIdempotent
        Initialize the associated token account
        Please upgrade to SPL Token 2022 for immutable owner support
        Instruction: Swap
        Instruction: SwapV2
        Instruction: Swap2
        Instruction: SwapExactIn
        Instruction: SwapExactOut
        Instruction: SwapBaseInput
        Instruction: SwapBaseOutput
        Instruction: TwoHopSwap
        Instruction: TwoHopSwapV2
        Instruction: Route
        Instruction: RouteV2
        Instruction: RouteWithTokenLedger
        Instruction: ExactOutRoute
        Instruction: SharedAccountsRoute
        Instruction: SharedAccountsRouteV2
        Instruction: SharedAccountsExactOutRoute
        Instruction: SharedAccountsRouteWithTokenLedger
        Instruction: SetTokenLedger
        Instruction: CreateTokenAccount
        Instruction: CreateTokenLedger
        Instruction: Claim
        Instruction: ClaimToken
        Instruction: Buy
        Instruction: Sell
        Instruction: BuyExactIn
        Instruction: SellExactIn
        Instruction: BuyExactQuoteIn
        Instruction: BuyExactSolIn
        Instruction: Create
        Instruction: CreateV2
        Instruction: Migrate
        Instruction: Withdraw
        Instruction: Deposit
        Instruction: GetFees
        Instruction: CollectCreatorFee
        Instruction: CollectCoinCreatorFee
        Instruction: ExtendAccount
        Instruction: InitUserVolumeAccumulator
        Instruction: SyncUserVolumeAccumulator
        Instruction: Initialize
        Instruction: InitializePool
        Instruction: InitializePoolV2
        Instruction: CreatePool
        Instruction: CreateConfig
        Instruction: OpenPosition
        Instruction: OpenPositionWithMetadata
        Instruction: OpenPositionWithToken22Nft
        Instruction: OpenPositionWithTokenExtensions
        Instruction: ClosePosition
        Instruction: ClosePositionWithTokenExtensions
        Instruction: InitializePosition
        Instruction: InitializeTickArray
        Instruction: InitializeBinArray
        Instruction: IncreaseLiquidity
        Instruction: IncreaseLiquidityV2
        Instruction: DecreaseLiquidity
        Instruction: DecreaseLiquidityV2
        Instruction: AddLiquidity
        Instruction: AddLiquidityByStrategy
        Instruction: AddLiquidityByStrategy2
        Instruction: AddLiquidityByWeight
        Instruction: RemoveLiquidity
        Instruction: RemoveLiquidityByRange
        Instruction: RemoveLiquidityByRange2
        Instruction: RemoveAllLiquidity
        Instruction: CollectFees
        Instruction: CollectFeesV2
        Instruction: CollectReward
        Instruction: CollectRewardV2
        Instruction: UpdateFeesAndRewards
        Instruction: ClaimFee
        Instruction: ClaimFee2
        Instruction: ClaimReward
        Instruction: ClaimPositionFee
        Instruction: PlaceOrder
        Instruction: PlaceTakeOrder
        Instruction: PlaceOrders
        Instruction: PlacePerpOrder
        Instruction: PlaceAndTakePerpOrder
        Instruction: PlaceAndMakePerpOrder
        Instruction: PlaceSpotOrder
        Instruction: FillPerpOrder
        Instruction: FillSpotOrder
        Instruction: CancelOrder
        Instruction: CancelOrders
        Instruction: CancelOrderByClientOrderId
        Instruction: CancelAllOrders
        Instruction: CancelAllAndPlaceOrders
        Instruction: CancelOrdersByIds
        Instruction: TriggerOrder
        Instruction: SettleFunds
        Instruction: SettlePnl
        Instruction: SettleFundingPayment
        Instruction: UpdateFundingRate
        Instruction: UpdateAmms
        Instruction: ConsumeEvents
        Instruction: ConsumeGivenEvents
        Instruction: LiquidatePerp
        Instruction: LiquidateSpot
        Instruction: RefreshReserve
        Instruction: Refresh Reserve
        Instruction: RefreshReservesBatch
        Instruction: RefreshObligation
        Instruction: Refresh Obligation
        Instruction: RefreshObligationFarmsForReserve
        Instruction: DepositReserveLiquidity
        Instruction: DepositReserveLiquidityAndObligationCollateral
        Instruction: RedeemReserveCollateral
        Instruction: WithdrawObligationCollateral
        Instruction: WithdrawObligationCollateralAndRedeemReserveCollateral
        Instruction: BorrowObligationLiquidity
        Instruction: RepayObligationLiquidity
        Instruction: LiquidateObligationAndRedeemReserveCollateral
        Instruction: FlashBorrowReserveLiquidity
        Instruction: FlashRepayReserveLiquidity
        Instruction: LendingAccountDeposit
        Instruction: LendingAccountWithdraw
        Instruction: LendingAccountBorrow
        Instruction: LendingAccountRepay
        Instruction: LendingAccountLiquidate
        Instruction: Stake
        Instruction: Unstake
        Instruction: Harvest
        Instruction: Mine
        Instruction: Reset
        Instruction: Update
        Instruction: UpdatePrice
        Instruction: UpdateOracle
        Instruction: Execute
        Instruction: Verify
        Instruction: Burn
        Instruction: Mint
        Instruction: MintV1
        Instruction: MintToCollectionV1
        Instruction: CreateTree
        Instruction: VerifyCreator
        Instruction: TransferHook
        Leaf asset ID: @
        IX: Create
        IX: Create Metadata Accounts v3
        IX: Mint
        IX: Transfer
        IX: Update
        IX: Verify
        IX: Verify Collection
        IX: Approve
        IX: Burn
        Transfer # lamports to the new account
        Allocate space for the account
        Assign the account to the owning program
        Allocate
        Assign
        Memo (len #): "
        Signed by @
        ray_log: &
        initialize2: InitializeInstruction2 { nonce: #, open_time: #, init_pc_amount: #, init_coin_amount: # }
        PhoenixInstruction::Swap
        PhoenixInstruction::CancelAllOrdersWithFreeFunds
        PhoenixInstruction::PlaceMultiplePostOnlyOrdersWithFreeFunds
        Discriminant for phoenix::program::accounts::MarketHeader is #
        Discriminant for phoenix::program::accounts::Seat is #
        Sending batch # with header and # market events, total events sent: #
        SwapEvent { dex: Orca, amount_in: #, amount_out: # }
        amount_in: #, amount_out: #
        AnchorError occurred. Error Code: SlippageToleranceExceeded. Error Number: #. Error Message: Slippage tolerance exceeded.
        AnchorError thrown in programs/amm/src/instructions/swap.rs:#. Error Code: InsufficientFunds. Error Number: #. Error Message: Insufficient funds.
        AnchorError thrown in programs/clmm/src/lib.rs:#. Error Code: AmountOutBelowMinimum. Error Number: #. Error Message: Amount out below minimum threshold.
        AnchorError thrown in programs/lb_clmm/src/instructions/swap.rs:#. Error Code: ExceededAmountSlippageTolerance. Error Number: #. Error Message: Exceeded amount slippage tolerance.
        AnchorError caused by account: user_token_account. Error Code: AccountNotInitialized. Error Number: #. Error Message: The program expected this account to be already initialized.
        AnchorError caused by account: pool. Error Code: ConstraintMut. Error Number: #. Error Message: A mut constraint was violated.
        AnchorError caused by account: authority. Error Code: ConstraintHasOne. Error Number: #. Error Message: A has one constraint was violated.
        AnchorError caused by account: payer. Error Code: ConstraintSigner. Error Number: #. Error Message: A signer constraint was violated.
        AnchorError caused by account: vault. Error Code: ConstraintRaw. Error Number: #. Error Message: A raw constraint was violated.
        AnchorError caused by account: token_program. Error Code: ConstraintOwner. Error Number: #. Error Message: An owner constraint was violated.
        AnchorError caused by account: bonding_curve. Error Code: ConstraintSeeds. Error Number: #. Error Message: A seeds constraint was violated.
        AnchorError caused by account: mint. Error Code: ConstraintTokenMint. Error Number: #. Error Message: A token mint constraint was violated.
        AnchorError caused by account: owner. Error Code: ConstraintTokenOwner. Error Number: #. Error Message: A token owner constraint was violated.
        AnchorError caused by account: config. Error Code: ConstraintAddress. Error Number: #. Error Message: An address constraint was violated.
        AnchorError caused by account: market. Error Code: AccountOwnedByWrongProgram. Error Number: #. Error Message: The given account is owned by a different program than expected.
        AnchorError caused by account: state. Error Code: AccountDiscriminatorMismatch. Error Number: #. Error Message: 8 byte discriminator did not match what was expected.
        AnchorError caused by account: system_program. Error Code: InvalidProgramId. Error Number: #. Error Message: Program ID was not as expected.
        AnchorError occurred. Error Code: InstructionFallbackNotFound. Error Number: #. Error Message: Fallback functions are not supported.
        AnchorError occurred. Error Code: AccountNotEnoughKeys. Error Number: #. Error Message: Not enough account keys given to the instruction.
        AnchorError occurred. Error Code: InstructionDidNotDeserialize. Error Number: #. Error Message: The program could not deserialize the given instruction.
        AnchorError occurred. Error Code: MathOverflow. Error Number: #. Error Message: Math operation overflow.
        AnchorError occurred. Error Code: InvalidOracle. Error Number: #. Error Message: Invalid oracle price, stale.
        Left: #
        Right: #
        Left:
        Right:
        custom program error: #x
        Program failed to complete
        insufficient funds for instruction
        exceeded CUs meter at BPF instruction
        Computational budget exceeded
        invalid account data for instruction
        Provided owner is not allowed
        Failed to serialize or deserialize account data: Unknown
        Transfer: insufficient lamports #, need #
        Create Account: account Address { address: @, base: None } already in use
        panicked at programs/src/lib.rs:#:#:
        Log truncated
        program_id: @
        slot: #, price: #, timestamp: #
        total_supply: # balance: # reward: # fee: #
        before_balance: #, after_balance: #, balance_change: #
        oracle delay, oracle price, stale oracle
        Slippage check failed. Not profitable. No profit. No arbitrage. Success.
        """u8;
}
