namespace Mev.Sdk.Solana.Addresses;

/// <summary>Mints that this library knows by address.</summary>
public static class KnownMints
{
    /// <summary>Wrapped SOL, 9 decimals; also stands for native SOL in swaps.</summary>
    public static readonly Pubkey WrappedSol = Pubkey.Parse("So11111111111111111111111111111111111111112");

    /// <summary>USD Coin, 6 decimals.</summary>
    public static readonly Pubkey UsdCoin = Pubkey.Parse("EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v");

    /// <summary>Decimals of <see cref="WrappedSol"/>.</summary>
    public const byte WrappedSolDecimals = 9;
}
