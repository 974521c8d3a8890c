namespace Mev.Sdk.Solana.Effects;

/// <summary>How tokens or lamports moved.</summary>
public enum MovementKind : byte
{
    /// <summary>A transfer by a token program.</summary>
    Token = 0,

    /// <summary>A transfer of lamports by the system program; its mint reads as wrapped SOL's.</summary>
    Lamports,

    /// <summary>Tokens were made.</summary>
    Mint,

    /// <summary>Tokens were destroyed.</summary>
    Burn,
}
