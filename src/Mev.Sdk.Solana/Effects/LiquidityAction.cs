namespace Mev.Sdk.Solana.Effects;

/// <summary>What happened to a pool's liquidity.</summary>
public enum LiquidityAction : byte
{
    /// <summary>Not known.</summary>
    None = 0,

    /// <summary>Tokens went in.</summary>
    Add,

    /// <summary>Tokens came out.</summary>
    Remove,

    /// <summary>The pool began, usually with its first tokens.</summary>
    Create,
}
