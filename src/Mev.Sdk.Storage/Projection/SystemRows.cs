using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Projection;

/// <summary>Rows of labels, gaps, parameter changes, audits and metrics; each false when the record's parts lead outside its frame.</summary>
internal static class SystemRows
{
    private const int GuidTextLength = 36;

    public static bool TryAddLabel(RowBuffer labels, RowBuffer legs, in RecordView record)
    {
        if (!LabelView.TryRead(in record, out var view))
        {
            return false;
        }

        ref readonly var label = ref view.Record;
        var row = labels.AddRow();
        row.UInt64(view.Lsn.Value);
        row.UInt64(label.TargetLsn);
        row.UInt64(label.Slot);
        row.TimeOrNull(label.LabeledNanoseconds);
        row.Int64OrNull(label.ProfitLamports);
        row.Float64OrNull(label.Confidence);
        row.Text(OpportunityTypes.ToUtf8(label.Kind));
        row.UInt16(label.RuleId);
        row.UInt16(label.RuleVersion);
        row.UInt16((ushort)label.Flags);
        row.UInt16((ushort)view.Legs.Length);
        row.JsonOrNull(view.Evidence);
        row.Complete();
        for (var i = 0; i < view.Legs.Length; i++)
        {
            ref readonly var leg = ref view.Legs[i];
            row = legs.AddRow();
            row.UInt64(view.Lsn.Value);
            row.UInt16((ushort)i);
            row.UInt64(label.Slot);
            row.Signature(in leg.Signature);
            row.UInt64OrNull(leg.Lsn);
            row.UInt64(leg.Slot);
            row.UInt32(leg.IndexInBlock);
            row.UInt16((ushort)leg.Role);
            row.Complete();
        }

        return true;
    }

    public static bool TryAddGap(RowBuffer rows, in RecordView record)
    {
        if (!GapView.TryRead(in record, out var view))
        {
            return false;
        }

        ref readonly var gap = ref view.Record;
        var row = rows.AddRow();
        row.UInt64(view.Lsn.Value);
        row.UInt32(gap.SourceId);
        row.UInt64(gap.SessionId);
        row.UInt64(gap.FirstSequence);
        if (gap.LastSequence == ulong.MaxValue)
        {
            row.Null();
        }
        else
        {
            row.UInt64(gap.LastSequence);
        }

        row.TimeOf(in record, gap.DetectedNanoseconds);
        row.Enumeration((uint)gap.State);
        row.UInt64OrNull(gap.FirstSlot);
        row.UInt64OrNull(gap.LastSlot);
        row.UInt64OrNull(gap.AfterLsn);
        row.UInt64OrNull(gap.MissingRecords);
        row.Enumeration((uint)gap.Cause);
        row.CleanText(view.Reason);
        row.Complete();
        return true;
    }

    public static bool TryAddParameterChange(RowBuffer rows, in RecordView record)
    {
        if (!ParameterChangeView.TryRead(in record, out var view))
        {
            return false;
        }

        ref readonly var change = ref view.Record;
        Span<byte> id = stackalloc byte[GuidTextLength];
        change.UpdateId.TryFormat(id, out _);
        var row = rows.AddRow();
        row.UInt64(view.Lsn.Value);
        row.Text(id);
        row.UInt32(change.SourceId);
        row.UInt64OrNull(change.SessionId);
        row.UInt16(change.StrategyId);
        row.UInt64(change.Revision);
        row.Enumeration((uint)change.State);
        row.TimeOf(in record, change.ChangedNanoseconds);
        row.TimeOrNull(change.ExpiresNanoseconds);
        row.JsonOrNull(view.Parameters);
        row.CleanText(view.Actor);
        row.CleanText(view.Reason);
        row.Complete();
        return true;
    }

    public static bool TryAddAudit(RowBuffer rows, in RecordView record)
    {
        if (!AuditView.TryRead(in record, out var view))
        {
            return false;
        }

        var row = rows.AddRow();
        row.UInt64(view.Lsn.Value);
        row.TimeOf(in record, view.Record.OccurredNanoseconds);
        row.Enumeration((uint)view.Record.Outcome);
        row.CleanText(view.Actor);
        row.CleanText(view.Action);
        row.CleanText(view.Subject);
        row.JsonOrNull(view.Detail);
        row.Complete();
        return true;
    }

    public static bool TryAddMetric(RowBuffer rows, in RecordView record)
    {
        if (!MetricView.TryRead(in record, out var view))
        {
            return false;
        }

        var row = rows.AddRow();
        row.UInt64(view.Lsn.Value);
        row.TimeOf(in record, view.Record.TimeNanoseconds);
        row.CleanText(view.Name);
        row.Float64OrNull(view.Record.Value);
        row.JsonOrNull(view.Tags);
        row.Complete();
        return true;
    }

    public static void AddScore(RowBuffer rows, in RecordView record, in PredictionView view, int index, ReadOnlySpan<byte> model)
    {
        ref readonly var score = ref view.Scores[index];
        var row = rows.AddRow();
        row.UInt64(view.Lsn.Value);
        row.UInt16((ushort)index);
        row.TimeOf(in record, view.Record.TimeNanoseconds);
        row.UInt64(view.Record.FeatureSchemaHash);
        row.Float64OrNull(view.Record.Threshold);
        row.UInt64(score.TransactionLsn);
        row.Float32OrNull(score.Score);
        row.Float32OrNull(score.Propensity);
        row.Text(model);
        row.Complete();
    }
}
