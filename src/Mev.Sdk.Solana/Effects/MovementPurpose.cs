namespace Mev.Sdk.Solana.Effects;

/// <summary>What a movement belonged to.</summary>
public enum MovementPurpose : byte
{
    /// <summary>To nothing that was recognised: a plain transfer, a fee, a deposit.</summary>
    None = 0,

    /// <summary>To a swap: made below its instruction.</summary>
    Swap,

    /// <summary>To a change of liquidity.</summary>
    Liquidity,

    /// <summary>To a sale of a collectible.</summary>
    NftTrade,

    /// <summary>To a liquidation.</summary>
    Liquidation,

    /// <summary>A Jito tip.</summary>
    Tip,
}
