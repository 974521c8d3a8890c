using System.Runtime.InteropServices;
using System.Text;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.DuckDb;

/// <summary>Everything of some batches but the transactions themselves, with what belongs together already merged.</summary>
internal sealed class StagedRows
{
    private readonly Dictionary<(uint Source, ulong Session, ulong Id), StagedOpportunity> _opportunitiesById = [];
    private readonly HashSet<(Signature, OpportunityKind, ushort, Pubkey, long)> _observed = [];
    private string _lastModel = "";
    private ulong _scores;

    /// <summary>The last score of each LSN. Scores that are not finite numbers are none.</summary>
    public Dictionary<ulong, StagedScore> Scores { get; } = [];

    public Dictionary<ulong, SightingStage> Slots { get; } = [];

    public SlotRange SlotRange { get; } = new();

    public List<StagedOpportunity> Opportunities { get; } = [];

    public SlotRange OpportunitySlots { get; } = new();

    /// <summary>Outcomes of opportunities of earlier transactions.</summary>
    public Dictionary<(uint Source, ulong Session, ulong Id), StagedOutcome> Outcomes { get; } = [];

    public List<(ulong Lsn, DateTime? Time, string Name, double Value, string Tags)> Metrics { get; } = [];

    public int TransactionRecords { get; private set; }

    public void Collect(RecordBatch batch)
    {
        foreach (var record in batch)
        {
            switch (record.Header.TemplateId)
            {
                case TemplateIds.Transaction:
                    TransactionRecords++;
                    break;
                case TemplateIds.Prediction when PredictionView.TryRead(in record, out var prediction):
                    Add(in prediction);
                    break;
                case TemplateIds.Slot when SlotView.TryRead(in record, out var slot):
                    Add(in slot.Record);
                    break;
                case TemplateIds.Opportunity when OpportunityView.TryRead(in record, out var opportunity):
                    Add(new StagedOpportunity(in opportunity, batch.First));
                    break;
                case TemplateIds.Outcome when OutcomeView.TryRead(in record, out var outcome):
                    Add(in outcome.Record, batch.First);
                    break;
                case TemplateIds.Metric when MetricView.TryRead(in record, out var metric):
                    Metrics.Add((record.Lsn.Value, UnixTime.FromNanoseconds(metric.Record.TimeNanoseconds),
                        Encoding.UTF8.GetString(metric.Name), metric.Record.Value, Encoding.UTF8.GetString(metric.Tags)));
                    break;
            }
        }
    }

    private void Add(in PredictionView prediction)
    {
        var model = Encoding.UTF8.GetString(prediction.ModelVersion);
        _lastModel = model == _lastModel ? _lastModel : model;
        foreach (ref readonly var entry in prediction.Scores)
        {
            if (float.IsFinite(entry.Score))
            {
                Scores[entry.TransactionLsn] = new StagedScore(entry.Score, _lastModel, _scores++);
            }
        }
    }

    private void Add(in SlotRecord slot)
    {
        SlotRange.Add(slot.Slot);
        ref var stage = ref CollectionsMarshal.GetValueRefOrAddDefault(Slots, slot.Slot, out _);
        if (stage != SightingStage.Finalized)
        {
            stage = slot.Stage > stage || stage >= SightingStage.Dropped ? slot.Stage : stage;
        }
    }

    private void Add(StagedOpportunity opportunity)
    {
        if (opportunity.ObservedIdentity is { } identity && !_observed.Add(identity))
        {
            return;
        }

        Opportunities.Add(opportunity);
        OpportunitySlots.Add(opportunity.Record.Slot);
        _opportunitiesById[(opportunity.Position.SourceId, opportunity.Position.SessionId, opportunity.Record.OpportunityId)] = opportunity;
    }

    private void Add(in OutcomeRecord record, StreamPosition position)
    {
        var key = (position.SourceId, position.SessionId, record.OpportunityId);
        var outcome = StagedOutcome.From(in record);
        if (_opportunitiesById.TryGetValue(key, out var opportunity))
        {
            opportunity.Apply(in outcome);
        }
        else
        {
            Outcomes[key] = outcome;
        }
    }
}
