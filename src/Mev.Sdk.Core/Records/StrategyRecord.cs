using System.Runtime.InteropServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Records;

/// <summary>A strategy of an engine at one moment; counts since the engine's session began. Variable data: name (UTF-8), parameters (a JSON object in UTF-8).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct StrategyRecord : IMessageLayout
{
    /// <summary>Bytes of the block.</summary>
    public const int Size = 72;

    /// <inheritdoc/>
    public static ushort TemplateId => TemplateIds.Strategy;

    /// <summary>The strategy; opportunities name it.</summary>
    public ushort StrategyId;

    /// <summary>Properties; see <see cref="StrategyFlags"/>.</summary>
    public StrategyFlags Flags;

    /// <summary>Reserved; 0.</summary>
    public uint Reserved;

    /// <summary>Revision of the parameters in force; 0 = those it started with.</summary>
    public ulong Revision;

    /// <summary>Slot by its view; 0 = unknown.</summary>
    public ulong Slot;

    /// <summary>When the counts were taken, nanoseconds since the Unix epoch.</summary>
    public ulong ObservedNanoseconds;

    /// <summary>Opportunities seen.</summary>
    public ulong Seen;

    /// <summary>Opportunities acted on.</summary>
    public ulong Submitted;

    /// <summary>Transactions that landed.</summary>
    public ulong Landed;

    /// <summary>Profit before cost, lamports; negative is a loss.</summary>
    public long ProfitLamports;

    /// <summary>Fees and tips paid, lamports.</summary>
    public ulong CostLamports;
}
