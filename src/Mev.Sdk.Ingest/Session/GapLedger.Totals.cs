using System.Diagnostics.Metrics;
using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Session;

/// <content>How much is missing, in sum.</content>
public sealed partial class GapLedger
{
    private readonly Dictionary<uint, (UInt128 Records, long Gaps, long Ends)> _forgotten = [];
    private DateTimeOffset? _lastLossAt;

    /// <inheritdoc/>
    /// <remarks>Costs a step for each session that has gaps, none for a gap. What of final losses is no more kept in memory one by one is in the sums.</remarks>
    public CoverageTotals GetTotals()
    {
        lock (_gate)
        {
            var totals = default(CoverageTotals);
            var (open, final) = (UInt128.Zero, UInt128.Zero);
            foreach (var session in _sessions.Values)
            {
                open += session.OpenRecords;
                final += session.FinalRecords;
                totals = totals with
                {
                    OpenGaps = totals.OpenGaps + session.OpenCount,
                    FinalGaps = totals.FinalGaps + session.FinalCount,
                    UnknownEnds = totals.UnknownEnds + (session.Tail is { State: GapState.Final } ? 1 : 0),
                };
            }

            foreach (var (records, gaps, ends) in _forgotten.Values)
            {
                final += records;
                totals = totals with { FinalGaps = totals.FinalGaps + gaps, UnknownEnds = totals.UnknownEnds + ends };
            }

            return totals with { OpenRecords = Clamp(open), FinalRecords = Clamp(final), LastLossAt = _lastLossAt };
        }
    }

    /// <summary>Records that are missing, by source and state.</summary>
    internal IEnumerable<Measurement<long>> MeasureRecords()
    {
        var sums = new Dictionary<string, (UInt128 Open, UInt128 Final)>(StringComparer.Ordinal);
        lock (_gate)
        {
            foreach (var session in _sessions.Values)
            {
                var (open, final) = sums.GetValueOrDefault(session.SourceName);
                sums[session.SourceName] = (open + session.OpenRecords, final + session.FinalRecords);
            }

            foreach (var (sourceId, lost) in _forgotten)
            {
                var name = NameOf(sourceId);
                var (open, final) = sums.GetValueOrDefault(name);
                sums[name] = (open, final + lost.Records);
            }
        }

        foreach (var (name, (open, final)) in sums)
        {
            yield return new Measurement<long>(Clamp(open), new("source", name), new("state", "open"));
            yield return new Measurement<long>(Clamp(final), new("source", name), new("state", "final"));
        }
    }

    private static long Clamp(UInt128 value) => value > long.MaxValue ? long.MaxValue : (long)value;

    // Under the gate.
    private void NoteLoss(CoverageGap gap)
    {
        if (gap.State == GapState.Final)
        {
            _lastLossAt = _time.GetUtcNow();
        }
    }

    // What was found before this process began was not found now.
    private void NoteEarlierLoss(CoverageGap gap)
    {
        if (gap.State == GapState.Final && !(_lastLossAt >= gap.DetectedAt))
        {
            _lastLossAt = gap.DetectedAt;
        }
    }

    private void Forget(SessionGaps session)
    {
        var (records, gaps, ends) = _forgotten.GetValueOrDefault(session.SourceId);
        _forgotten[session.SourceId] = (records + session.FinalRecords, gaps + session.FinalCount, ends + (session.Tail is { State: GapState.Final } ? 1 : 0));
    }
}
