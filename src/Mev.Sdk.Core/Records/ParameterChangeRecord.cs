using System.Runtime.InteropServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Records;

/// <summary>A step in the life of a parameter update. Variable data: parameters (a JSON object in UTF-8), actor (UTF-8: who asked), reason (UTF-8, or empty).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct ParameterChangeRecord : IMessageLayout
{
    /// <summary>Bytes of the block.</summary>
    public const int Size = 56;

    /// <inheritdoc/>
    public static ushort TemplateId => TemplateIds.ParameterChange;

    /// <summary>The update; 16 opaque bytes.</summary>
    public Guid UpdateId;

    /// <summary>The engine's session that answered; 0 = not answered yet.</summary>
    public ulong SessionId;

    /// <summary>Revision of the strategy's parameters that the update makes, from 1.</summary>
    public ulong Revision;

    /// <summary>When the step was taken, nanoseconds since the Unix epoch by the host's clock.</summary>
    public ulong ChangedNanoseconds;

    /// <summary>When the update is no longer wanted, nanoseconds since the Unix epoch; 0 = never.</summary>
    public ulong ExpiresNanoseconds;

    /// <summary>The engine: CRC-32C of its source's name.</summary>
    public uint SourceId;

    /// <summary>The strategy.</summary>
    public ushort StrategyId;

    /// <summary>Where the update stands with this step.</summary>
    public ParameterState State;
}
