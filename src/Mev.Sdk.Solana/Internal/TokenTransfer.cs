using Mev.Sdk.Solana.Effects;

namespace Mev.Sdk.Solana.Internal;

/// <summary>One movement of tokens or lamports.</summary>
internal struct TokenTransfer
{
    public int Step;
    public MovementKind Kind;

    /// <summary>Index of the account that gave; of a mint, the mint.</summary>
    public byte Source;

    /// <summary>Index of the account that got; of a burn, the mint.</summary>
    public byte Destination;

    public byte Authority;

    /// <summary>Taken from the source, base units.</summary>
    public ulong Sent;

    /// <summary>Credited to the destination, base units: less by the transfer fee of a Token-2022 mint.</summary>
    public ulong Received;
}
