using System.Runtime.InteropServices;

namespace Mev.Sdk.Wire;

/// <summary>Shows that the sender has the key, without showing the key: the host's answer to a challenge, then the engine's to the host.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct ProofMessage : IMessageLayout
{
    /// <summary>Bytes of the block.</summary>
    public const int Size = 64;

    /// <inheritdoc/>
    public static ushort TemplateId => TemplateIds.Proof;

    /// <summary>Drawn at random by the host for this connection; zero in the engine's proof.</summary>
    public Bytes32 Nonce;

    /// <summary>HMAC-SHA256 over label, hello frame, challenge frame and the host's nonce; docs/wire-format.md.</summary>
    public Bytes32 Mac;
}
