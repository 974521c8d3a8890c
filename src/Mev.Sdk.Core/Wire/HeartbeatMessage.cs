using System.Runtime.InteropServices;

namespace Mev.Sdk.Wire;

/// <summary>Sent while there is nothing else to send; the header's sequence is that of the last record. An engine answers a host's heartbeat at once with its own.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct HeartbeatMessage : IMessageLayout
{
    /// <summary>Bytes of the block.</summary>
    public const int Size = 24;

    /// <inheritdoc/>
    public static ushort TemplateId => TemplateIds.Heartbeat;

    /// <summary>The engine's slot by its own view; 0 = unknown.</summary>
    public ulong Slot;

    /// <summary>Engine time of the header of the peer's heartbeat that this one answers; 0 = it answers none.</summary>
    public ulong EchoNanoseconds;

    /// <summary>When that heartbeat arrived, nanoseconds since the Unix epoch by the answerer's clock; 0 = it answers none.</summary>
    public ulong EchoReceivedNanoseconds;
}
