using System.Runtime.InteropServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Records;

/// <summary>How an opportunity ended. Variable data: reason (UTF-8, or empty).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct OutcomeRecord : IMessageLayout
{
    /// <summary>Bytes of the block.</summary>
    public const int Size = 120;

    /// <inheritdoc/>
    public static ushort TemplateId => TemplateIds.Outcome;

    /// <summary>Signature of the transaction that took it; zero = none was sent.</summary>
    public Signature Signature;

    /// <summary><see cref="OpportunityRecord.OpportunityId"/> of the same session.</summary>
    public ulong OpportunityId;

    /// <summary>Slot it ended in.</summary>
    public ulong Slot;

    /// <summary>When it ended, nanoseconds since the Unix epoch by the engine's clock; 0 = unknown.</summary>
    public ulong CompletedNanoseconds;

    /// <summary>Profit before fee and tip, lamports; negative is a loss.</summary>
    public long ProfitLamports;

    /// <summary>Fee paid, lamports.</summary>
    public ulong FeeLamports;

    /// <summary>Tip paid, lamports.</summary>
    public ulong TipLamports;

    /// <summary>How it ended.</summary>
    public OutcomeStatus Status;

    /// <summary>Reserved; 0.</summary>
    public uint Reserved;
}
