using System.Runtime.InteropServices;

namespace Mev.Sdk.Wire;

/// <summary>What a host answers: which records it wants.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct SubscribeMessage : IMessageLayout
{
    /// <summary>Bytes of the block.</summary>
    public const int Size = 24;

    /// <inheritdoc/>
    public static ushort TemplateId => TemplateIds.Subscribe;

    /// <summary>The session the host subscribes to: the one the engine's hello named.</summary>
    public ulong SessionId;

    /// <summary>First record wanted, a sequence; at least 1. Older than the engine retains means "from the oldest you have".</summary>
    public ulong FromSequence;

    /// <summary>Interval at which the host sends heartbeats, milliseconds; 0 = it sends none.</summary>
    public uint HeartbeatMilliseconds;

    /// <summary>Reserved; 0.</summary>
    public uint Flags;
}
