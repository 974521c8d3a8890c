using System.Runtime.InteropServices;

namespace Mev.Sdk.Wire;

/// <summary>Asks the host to prove that it has the key; follows the hello of an engine that has one.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct ChallengeMessage : IMessageLayout
{
    /// <summary>Bytes of the block.</summary>
    public const int Size = 32;

    /// <inheritdoc/>
    public static ushort TemplateId => TemplateIds.Challenge;

    /// <summary>Drawn at random for this connection.</summary>
    public Bytes32 Nonce;
}
