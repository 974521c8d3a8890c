using System.Runtime.InteropServices;

namespace Mev.Sdk.Wire;

/// <summary>What an engine says first: who it is and what it still has. Variable data: engine name (UTF-8).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct HelloMessage : IMessageLayout
{
    /// <summary>Bytes of the block.</summary>
    public const int Size = 32;

    /// <inheritdoc/>
    public static ushort TemplateId => TemplateIds.Hello;

    /// <summary>Drawn at random when the engine started; never 0.</summary>
    public ulong SessionId;

    /// <summary>Sequence of the oldest record that can still be replayed; equal to <see cref="NextSequence"/> when there is none.</summary>
    public ulong FirstRetainedSequence;

    /// <summary>Sequence that the next new record will have; at least 1.</summary>
    public ulong NextSequence;

    /// <summary>Interval at which the engine sends heartbeats while idle, milliseconds.</summary>
    public uint HeartbeatMilliseconds;

    /// <summary>What the stream carries; see <see cref="StreamFlags"/>.</summary>
    public StreamFlags Flags;
}
