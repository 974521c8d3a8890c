using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Projection;

/// <summary>Opportunities and outcomes of some batches, merged with one another; raw outcomes and strategies.</summary>
internal sealed class OpportunityRows
{
    private readonly Dictionary<(uint Source, ulong Session, ulong Id), StagedOpportunity> _byId = [];
    private readonly HashSet<(Signature, OpportunityKind, ushort, Pubkey, long)> _observed = [];
    private readonly List<StagedOpportunity> _opportunities = [];
    private readonly Dictionary<(uint Source, ulong Session, ulong Id), StagedOutcome> _outcomes = [];

    public SlotSpan Slots { get; private set; } = SlotSpan.None;

    public int Reported { get; private set; }

    public void Clear()
    {
        _byId.Clear();
        _observed.Clear();
        _opportunities.Clear();
        _outcomes.Clear();
        Slots = SlotSpan.None;
        Reported = 0;
    }

    /// <returns>Null when the run has to end before it; false when it cannot be read.</returns>
    public bool? TryAddOpportunity(in RecordView record, in StreamPosition position)
    {
        if (!OpportunityView.TryRead(in record, out var view))
        {
            return false;
        }

        // An outcome is of opportunities before it; those of the run are merged behind all its opportunities.
        var opportunity = new StagedOpportunity(in view, in position);
        if (_outcomes.ContainsKey(opportunity.Identity))
        {
            return null;
        }

        if (opportunity.ObservedIdentity is { } identity && !_observed.Add(identity))
        {
            return true;
        }

        _opportunities.Add(opportunity);
        Slots = Slots.With(opportunity.Slot);
        Reported += opportunity.IsObserved ? 0 : 1;
        _byId[opportunity.Identity] = opportunity;
        return true;
    }

    /// <returns>Null when the run has to end before it; false when it cannot be read.</returns>
    public bool? TryAddOutcome(RowBuffer rows, in RecordView record, in StreamPosition position)
    {
        if (!OutcomeView.TryRead(in record, out var view))
        {
            return false;
        }

        ref readonly var outcome = ref view.Record;
        var key = (position.SourceId, position.SessionId, outcome.OpportunityId);
        if (_outcomes.ContainsKey(key))
        {
            return null;
        }

        var row = rows.AddRow();
        row.UInt64(view.Lsn.Value);
        row.UInt32(position.SourceId);
        row.UInt64(position.SessionId);
        row.UInt64(outcome.OpportunityId);
        row.UInt64(outcome.Slot);
        row.SignatureOrNull(in outcome.Signature);
        row.TimeOrNull(outcome.CompletedNanoseconds);
        row.Int64(outcome.ProfitLamports);
        row.UInt64(outcome.FeeLamports);
        row.UInt64(outcome.TipLamports);
        row.Enumeration((uint)outcome.Status);
        row.CleanText(view.Reason);
        row.Complete();

        var staged = StagedOutcome.From(in outcome);
        if (_byId.TryGetValue(key, out var opportunity))
        {
            opportunity.Apply(in staged);
        }
        else
        {
            _outcomes[key] = staged;
        }

        return true;
    }

    public static bool TryAddStrategy(RowBuffer rows, in RecordView record, in StreamPosition position)
    {
        if (!StrategyView.TryRead(in record, out var view))
        {
            return false;
        }

        ref readonly var strategy = ref view.Record;
        var row = rows.AddRow();
        row.UInt64(view.Lsn.Value);
        row.UInt32(position.SourceId);
        row.UInt64(position.SessionId);
        row.TimeOf(in record, strategy.ObservedNanoseconds);
        row.UInt16(strategy.StrategyId);
        row.UInt16((ushort)strategy.Flags);
        row.UInt64(strategy.Revision);
        row.UInt64OrNull(strategy.Slot);
        row.UInt64(strategy.Seen);
        row.UInt64(strategy.Submitted);
        row.UInt64(strategy.Landed);
        row.Int64(strategy.ProfitLamports);
        row.UInt64(strategy.CostLamports);
        row.CleanText(view.Name);
        row.JsonOrNull(view.Parameters);
        row.Complete();
        return true;
    }

    /// <summary>Writes what was merged.</summary>
    /// <param name="opportunities">Gets the opportunities.</param>
    /// <param name="outcomes">Gets the outcomes of opportunities of earlier batches.</param>
    public void WriteTo(RowBuffer opportunities, RowBuffer outcomes)
    {
        foreach (var opportunity in _opportunities)
        {
            opportunity.AddTo(opportunities);
        }

        foreach (var ((source, session, id), outcome) in _outcomes)
        {
            var row = outcomes.AddRow();
            row.UInt32(source);
            row.UInt64(session);
            row.UInt64(id);
            row.Enumeration((uint)outcome.Status);
            row.Boolean(outcome.HasLanded);
            row.TimestampOrNull(outcome.Executed);
            row.Boolean(outcome.IsSuccess);
            row.Int64(outcome.ProfitLamports);
            row.UInt64(outcome.CostLamports);
            row.Complete();
        }
    }
}
