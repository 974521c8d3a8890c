namespace Mev.Sdk.Solana.Effects;

/// <summary>A collectible that changed its owner for a price.</summary>
public struct NftTrade
{
    /// <summary>The program of the outer instruction: the market place, or who called it.</summary>
    public Pubkey Program;

    /// <summary>The collectible.</summary>
    public Pubkey Mint;

    /// <summary>Who owned it before; a market place's escrow when it was listed there.</summary>
    public Pubkey Seller;

    /// <summary>Who owned it after.</summary>
    public Pubkey Buyer;

    /// <summary>What the price was paid in; wrapped SOL's mint for lamports.</summary>
    public Pubkey PriceMint;

    /// <summary>What the buyer paid, fees and royalties included, base units; when that cannot be seen, what the seller got.</summary>
    public ulong Price;

    /// <summary>Outer instruction it happened in, from 0.</summary>
    public ushort OuterInstruction;

    /// <summary>Inner instruction within the outer one that moved the collectible, from 0.</summary>
    public ushort InnerInstruction;

    /// <summary>Whether a market place that this library knows was called.</summary>
    public bool IsKnownMarket;
}
