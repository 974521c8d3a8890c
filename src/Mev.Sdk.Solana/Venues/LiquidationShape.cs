namespace Mev.Sdk.Solana.Venues;

/// <summary>An instruction that liquidates.</summary>
/// <param name="Discriminator">First 8 bytes of its data as they read in a hexadecimal dump.</param>
/// <param name="Liquidator">Position of who liquidates in its accounts.</param>
/// <param name="Obligation">Position of the account with the debt; -1 = not known.</param>
internal readonly record struct LiquidationShape(ulong Discriminator, int Liquidator, int Obligation);
