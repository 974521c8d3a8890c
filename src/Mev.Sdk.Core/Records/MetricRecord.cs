using System.Runtime.InteropServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Records;

/// <summary>One measurement. Variable data: name (UTF-8), tags (a JSON object in UTF-8, or empty).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct MetricRecord : IMessageLayout
{
    /// <summary>Bytes of the block.</summary>
    public const int Size = 16;

    /// <inheritdoc/>
    public static ushort TemplateId => TemplateIds.Metric;

    /// <summary>The value, in the unit that its name's documentation states.</summary>
    public double Value;

    /// <summary>When it was measured, nanoseconds since the Unix epoch.</summary>
    public ulong TimeNanoseconds;
}
