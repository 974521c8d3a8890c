namespace Mev.Sdk.Solana.Venues;

/// <summary>A lending or margin program and its liquidations.</summary>
/// <param name="Program">The program.</param>
/// <param name="Liquidations">Its instructions that liquidate.</param>
internal sealed record LendingDefinition(Pubkey Program, LiquidationShape[] Liquidations);
