namespace Mev.Sdk.Solana.Effects;

/// <summary>Lamports that went to a Jito tip account.</summary>
public struct TipPayment
{
    /// <summary>Who paid.</summary>
    public Pubkey Payer;

    /// <summary>The tip account.</summary>
    public Pubkey Account;

    /// <summary>Lamports.</summary>
    public ulong Lamports;

    /// <summary>Outer instruction it happened in, from 0.</summary>
    public ushort OuterInstruction;

    /// <summary>Inner instruction within the outer one, from 0; 65,535 = it was the outer instruction itself.</summary>
    public ushort InnerInstruction;
}
