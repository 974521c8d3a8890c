namespace Mev.Sdk.Solana.Internal;

/// <summary>One transfer of tokens by a token program.</summary>
internal struct TokenTransfer
{
    public int Step;
    public byte Source;
    public byte Destination;
    public byte Authority;

    /// <summary>Taken from the source, base units.</summary>
    public ulong Sent;

    /// <summary>Credited to the destination, base units: less by the transfer fee of a Token-2022 mint.</summary>
    public ulong Received;
}
