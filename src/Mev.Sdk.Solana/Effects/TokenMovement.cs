namespace Mev.Sdk.Solana.Effects;

/// <summary>One movement of tokens, of a collectible or of lamports.</summary>
public struct TokenMovement
{
    /// <summary>The account that gave: a token account, or of lamports the wallet; zero of a mint.</summary>
    public Pubkey Source;

    /// <summary>The account that got; zero of a burn.</summary>
    public Pubkey Destination;

    /// <summary>Who owns <see cref="Source"/>; zero = the meta does not say.</summary>
    public Pubkey SourceOwner;

    /// <summary>Who owns <see cref="Destination"/>; zero = the meta does not say.</summary>
    public Pubkey DestinationOwner;

    /// <summary>Who signed for it: the owner, a delegate, or of a mint the mint authority.</summary>
    public Pubkey Authority;

    /// <summary>The token; wrapped SOL's mint for lamports; zero = the meta does not say.</summary>
    public Pubkey Mint;

    /// <summary>Taken from the source, base units.</summary>
    public ulong Sent;

    /// <summary>Credited to the destination, base units; less than <see cref="Sent"/> by a stated transfer fee.</summary>
    public ulong Received;

    /// <summary>Outer instruction it happened in, from 0.</summary>
    public ushort OuterInstruction;

    /// <summary>Inner instruction within the outer one, from 0; 65,535 = it was the outer instruction itself.</summary>
    public ushort InnerInstruction;

    /// <summary>How it moved.</summary>
    public MovementKind Kind;

    /// <summary>What it belonged to.</summary>
    public MovementPurpose Purpose;

    /// <summary>Decimals of <see cref="Mint"/>.</summary>
    public byte Decimals;

    /// <summary>Whether it moved one indivisible token, as NFTs are.</summary>
    public bool IsCollectible;
}
