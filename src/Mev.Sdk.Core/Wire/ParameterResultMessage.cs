using System.Runtime.InteropServices;
using Mev.Sdk.Records;

namespace Mev.Sdk.Wire;

/// <summary>What became of a parameter update, engine to host. Variable data: reason (UTF-8, or empty).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct ParameterResultMessage : IMessageLayout
{
    /// <summary>Bytes of the block.</summary>
    public const int Size = 40;

    /// <inheritdoc/>
    public static ushort TemplateId => TemplateIds.ParameterResult;

    /// <summary>The update.</summary>
    public Guid UpdateId;

    /// <summary>Revision in force now; 0 = those it started with.</summary>
    public ulong Revision;

    /// <summary>When it was applied or rejected, nanoseconds since the Unix epoch by the engine's clock.</summary>
    public ulong DecidedNanoseconds;

    /// <summary>The strategy.</summary>
    public ushort StrategyId;

    /// <summary>Applied, Rejected, Superseded or Expired.</summary>
    public ParameterState State;

    /// <summary>Reserved; 0.</summary>
    public uint Reserved;
}
