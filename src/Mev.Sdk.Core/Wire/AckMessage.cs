using System.Runtime.InteropServices;

namespace Mev.Sdk.Wire;

/// <summary>Tells an engine which of its records are durable in the host's journal.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct AckMessage : IMessageLayout
{
    /// <summary>Bytes of the block.</summary>
    public const int Size = 16;

    /// <inheritdoc/>
    public static ushort TemplateId => TemplateIds.Ack;

    /// <summary>The session.</summary>
    public ulong SessionId;

    /// <summary>Every record up to this sequence is durable.</summary>
    public ulong DurableSequence;
}
