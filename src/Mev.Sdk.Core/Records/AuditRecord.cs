using System.Runtime.InteropServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Records;

/// <summary>Something somebody did. Variable data: actor, action, subject (UTF-8), detail (a JSON object in UTF-8, or empty).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct AuditRecord : IMessageLayout
{
    /// <summary>Bytes of the block.</summary>
    public const int Size = 16;

    /// <inheritdoc/>
    public static ushort TemplateId => TemplateIds.Audit;

    /// <summary>When, nanoseconds since the Unix epoch by the host's clock.</summary>
    public ulong OccurredNanoseconds;

    /// <summary>How it ended.</summary>
    public AuditOutcome Outcome;

    /// <summary>Reserved; 0.</summary>
    public ushort Reserved1;

    /// <summary>Reserved; 0.</summary>
    public uint Reserved2;
}
