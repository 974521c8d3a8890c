using System.Runtime.InteropServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Records;

/// <summary>A range of an engine's records that the host did not get. Variable data: reason (UTF-8).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct GapRecord : IMessageLayout
{
    /// <summary>Bytes of the block.</summary>
    public const int Size = 80;

    /// <inheritdoc/>
    public static ushort TemplateId => TemplateIds.Gap;

    /// <summary>The session the records belong to.</summary>
    public ulong SessionId;

    /// <summary>First missing sequence.</summary>
    public ulong FirstSequence;

    /// <summary>Last missing sequence; 2^64 - 1 = unknown. One below the first, in state Healed: the engine said that its stream ends there.</summary>
    public ulong LastSequence;

    /// <summary>When it was noticed, nanoseconds since the Unix epoch by the host's clock.</summary>
    public ulong DetectedNanoseconds;

    /// <summary>The source: CRC-32C of its name.</summary>
    public uint SourceId;

    /// <summary>Whether it was healed since; see <see cref="GapState"/>.</summary>
    public GapState State;

    /// <summary>First slot known to be affected; 0 = unknown.</summary>
    public ulong FirstSlot;

    /// <summary>Last slot known to be affected; 0 = unknown.</summary>
    public ulong LastSlot;

    /// <summary>LSN of the last record of the session before the gap; 0 = none.</summary>
    public ulong AfterLsn;

    /// <summary>Records missing within the range; fewer than its width when several gaps were written down as one. 0 = all of it.</summary>
    public ulong MissingRecords;

    /// <summary>Why they are missing.</summary>
    public GapCause Cause;

    /// <summary>Reserved; 0.</summary>
    public uint Reserved;
}
