namespace Mev.Sdk.Solana.Effects;

/// <summary>What <see cref="TransactionEffects"/> looks for; what is left out costs nothing.</summary>
[Flags]
public enum EffectKinds
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Swaps, and in failed transactions attempted ones.</summary>
    Swaps = 1,

    /// <summary>Liquidity added, removed and pools created.</summary>
    Liquidity = 2,

    /// <summary>Movements of tokens, collectibles and lamports.</summary>
    Movements = 4,

    /// <summary>Sales of collectibles.</summary>
    NftTrades = 8,

    /// <summary>Liquidations.</summary>
    Liquidations = 16,

    /// <summary>Jito tips.</summary>
    Tips = 32,

    /// <summary>Everything.</summary>
    All = Swaps | Liquidity | Movements | NftTrades | Liquidations | Tips,
}
