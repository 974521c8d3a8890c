using System.Runtime.InteropServices;

namespace Mev.Sdk.Wire;

/// <summary>Asks an engine to send a range of records again.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct ReplayRequestMessage : IMessageLayout
{
    /// <summary>Bytes of the block.</summary>
    public const int Size = 24;

    /// <inheritdoc/>
    public static ushort TemplateId => TemplateIds.ReplayRequest;

    /// <summary>The session.</summary>
    public ulong SessionId;

    /// <summary>First record wanted.</summary>
    public ulong FirstSequence;

    /// <summary>Last record wanted, not before the first.</summary>
    public ulong LastSequence;
}
