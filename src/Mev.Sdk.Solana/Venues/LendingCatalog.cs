namespace Mev.Sdk.Solana.Venues;

/// <summary>Lending and margin programs whose liquidations are read.</summary>
/// <remarks>
/// Sources: the programs' published IDLs. Kamino: liquidator, obligation, ... Marginfi: group, bank, bank, liquidator's account, its authority, the account in debt, ...
/// Drift: state, authority, liquidator's account, its statistics, the account in debt, ... Jupiter Perpetuals: the keeper signs first; its position's place was
/// not found in a public source.
/// </remarks>
internal static class LendingCatalog
{
    public static LendingDefinition[] All { get; } =
    [
        new(
            Pubkey.Parse("KLend2g3cP87fffoy8q1mQqGKjrxjC8boSyAYavgmjD"), // Kamino
            [new(0xb1479abce2854a37, 0, 1), new(0xa2a1238f1ebbb967, 0, 1)]), // liquidate_obligation_and_redeem_reserve_collateral, _v2
        new(
            Pubkey.Parse("MFv2hWf31Z9kbCa1snEPYctwafyhdvnV7FZnsebVacA"), // marginfi
            [new(0xd6a997d5fba756db, 4, 5)]), // lending_account_liquidate
        new(
            Pubkey.Parse("dRiftyHA39MWEi3m9aunc5MzRF1JYuBsbn6VPcn33UH"), // Drift
            [new(0x4b2377f7bf128b02, 1, 4), new(0x6b00802923e5fb12, 1, 4)]), // liquidate_perp, liquidate_spot
        new(
            Pubkey.Parse("PERPHjGBqRHArX4DySjwM6UJHiR3sWAatqfdBS2qQJu"), // Jupiter Perpetuals
            [new(0x40b05833a8bc9caf, 0, -1)]), // liquidate_full_position4
    ];
}
