using System.Globalization;
using Mev.Sdk.Ingest.Session;

namespace Mev.Sdk.Ingest.Solana.Chain;

/// <summary>Who a chain source is, and where it tells how it fares.</summary>
internal sealed class ChainContext(string name, ulong sessionId, GapLedger gaps, SourceWatch watch, TimeProvider time)
{
    public string Name { get; } = name;

    public uint SourceId { get; } = SourceIds.FromName(name);

    public ulong SessionId { get; } = sessionId;

    public SourceWatch Watch { get; } = watch;

    public TimeProvider Time { get; } = time;

    public GapLedger Gaps { get; } = gaps;

    public KeyValuePair<string, object?> Tag { get; } = new("source", name);

    public ulong NowNanoseconds() => (ulong)(Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    /// <summary>Puts a gap, or what became of it, into the ledger.</summary>
    public void Write(SlotGap gap)
    {
        var slots = gap.FirstSlot == gap.LastSlot
            ? string.Create(CultureInfo.InvariantCulture, $"slot {gap.FirstSlot}: ")
            : string.Create(CultureInfo.InvariantCulture, $"slots {gap.FirstSlot}-{gap.LastSlot}: ");
        Gaps.Report(new CoverageGap(Name, SessionId, gap.FirstSequence, gap.LastSequence, Time.GetUtcNow(), gap.State, slots + gap.Reason)
        {
            Cause = gap.Cause,
            FirstSlot = gap.FirstSlot,
            LastSlot = gap.LastSlot,
        });
    }
}
