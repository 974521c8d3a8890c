using System.Runtime.InteropServices;

namespace Mev.Sdk.Wire;

/// <summary>Sent while there is nothing else to send; the header's sequence is that of the last record.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct HeartbeatMessage : IMessageLayout
{
    /// <summary>Bytes of the block.</summary>
    public const int Size = 8;

    /// <inheritdoc/>
    public static ushort TemplateId => TemplateIds.Heartbeat;

    /// <summary>The engine's slot by its own view; 0 = unknown.</summary>
    public ulong Slot;
}
