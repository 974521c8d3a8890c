using System.Runtime.InteropServices;
using Mev.Sdk.Records;

namespace Mev.Sdk.Wire;

/// <summary>An engine says that records cannot be had: the answer to a replay request, or at its place in the stream what the engine itself dropped.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct GapNoticeMessage : IMessageLayout
{
    /// <summary>Bytes of the block.</summary>
    public const int Size = 32;

    /// <inheritdoc/>
    public static ushort TemplateId => TemplateIds.GapNotice;

    /// <summary>The session.</summary>
    public ulong SessionId;

    /// <summary>First record that cannot be had.</summary>
    public ulong FirstSequence;

    /// <summary>Last record that cannot be had, not before the first.</summary>
    public ulong LastSequence;

    /// <summary>Why.</summary>
    public GapCause Cause;

    /// <summary>Reserved; 0.</summary>
    public uint Reserved;
}
