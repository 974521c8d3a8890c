using System.Runtime.InteropServices;

namespace Mev.Sdk.Wire;

/// <summary>New parameters for a strategy, host to engine. Variable data: parameters (a JSON object in UTF-8).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct ParameterUpdateMessage : IMessageLayout
{
    /// <summary>Bytes of the block.</summary>
    public const int Size = 48;

    /// <inheritdoc/>
    public static ushort TemplateId => TemplateIds.ParameterUpdate;

    /// <summary>The update; 16 opaque bytes. The engine applies an id once.</summary>
    public Guid UpdateId;

    /// <summary>Revision that the update makes, from 1; an engine refuses one that is not above what is in force.</summary>
    public ulong Revision;

    /// <summary>When it was asked for, nanoseconds since the Unix epoch by the host's clock.</summary>
    public ulong RequestedNanoseconds;

    /// <summary>When it is no longer wanted, nanoseconds since the Unix epoch; 0 = never.</summary>
    public ulong ExpiresNanoseconds;

    /// <summary>The strategy.</summary>
    public ushort StrategyId;

    /// <summary>Reserved; 0.</summary>
    public ushort Reserved1;

    /// <summary>Reserved; 0.</summary>
    public uint Reserved2;
}
