using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Columnar.Records;

/// <summary>Measurements, gaps, changes and the audit; and every record as it is.</summary>
internal static class SystemTables
{
    private const ulong NanosecondsPerSecond = 1_000_000_000;

    public static RecordRows Metrics { get; } = new RecordRowsOf<MetricView>(
        new TableSchemaBuilder<MetricView>("performance_metrics")
            .Timestamp("time", static (in r) => r.Record.TimeNanoseconds)
            .Text("name", static (in r) => r.Name)
            .Double("value", static (in r) => r.Record.Value)
            .Text("tags", static (in r) => r.Tags)
            .Build(),
        TemplateSet.Of(TemplateIds.Metric),
        static (in record, index, out row) =>
        {
            row = default;
            return index == 0 && MetricView.TryRead(in record, out row);
        });

    public static RecordRows Gaps { get; } = new RecordRowsOf<GapView>(
        new TableSchemaBuilder<GapView>("gaps")
            .UInt32("gap_source_id", static (in r) => r.Record.SourceId)
            .UInt64("gap_session_id", static (in r) => r.Record.SessionId)
            .UInt64("first_sequence", static (in r) => r.Record.FirstSequence)
            .UInt64("last_sequence", static (in r) => r.Record.LastSequence)
            .Timestamp("detected", static (in r) => r.Record.DetectedNanoseconds)
            .UInt32("state", static (in r) => (uint)r.Record.State)
            .UInt64("first_slot", static (in r) => r.Record.FirstSlot)
            .UInt64("last_slot", static (in r) => r.Record.LastSlot)
            .UInt64("after_lsn", static (in r) => r.Record.AfterLsn)
            .UInt64("missing_records", static (in r) => r.Record.MissingRecords)
            .UInt32("cause", static (in r) => (uint)r.Record.Cause)
            .Text("reason", static (in r) => r.Reason)
            .Build(),
        TemplateSet.Of(TemplateIds.Gap),
        static (in record, index, out row) =>
        {
            row = default;
            return index == 0 && GapView.TryRead(in record, out row);
        });

    public static RecordRows ParameterChanges { get; } = new RecordRowsOf<ParameterChangeView>(
        new TableSchemaBuilder<ParameterChangeView>("parameter_changes")
            .String("update_id", static (in r) => r.Record.UpdateId.ToString())
            .UInt32("engine_source_id", static (in r) => r.Record.SourceId)
            .UInt64("engine_session_id", static (in r) => r.Record.SessionId)
            .UInt16("strategy", static (in r) => r.Record.StrategyId)
            .UInt64("revision", static (in r) => r.Record.Revision)
            .UInt16("state", static (in r) => (ushort)r.Record.State)
            .Timestamp("changed", static (in r) => r.Record.ChangedNanoseconds)
            .Timestamp("expires", static (in r) => r.Record.ExpiresNanoseconds)
            .Text("parameters", static (in r) => r.Parameters)
            .Text("actor", static (in r) => r.Actor)
            .Text("reason", static (in r) => r.Reason)
            .Build(),
        TemplateSet.Of(TemplateIds.ParameterChange),
        static (in record, index, out row) =>
        {
            row = default;
            return index == 0 && ParameterChangeView.TryRead(in record, out row);
        });

    public static RecordRows Audit { get; } = new RecordRowsOf<AuditView>(
        new TableSchemaBuilder<AuditView>("audit")
            .Timestamp("occurred", static (in r) => r.Record.OccurredNanoseconds)
            .UInt16("outcome", static (in r) => (ushort)r.Record.Outcome)
            .Text("actor", static (in r) => r.Actor)
            .Text("action", static (in r) => r.Action)
            .Text("subject", static (in r) => r.Subject)
            .Text("detail", static (in r) => r.Detail)
            .Build(),
        TemplateSet.Of(TemplateIds.Audit),
        static (in record, index, out row) =>
        {
            row = default;
            return index == 0 && AuditView.TryRead(in record, out row);
        });

    public static RecordRows Records { get; } = new RecordRowsOf<RecordView>(
        new TableSchemaBuilder<RecordView>("records")
            .UInt16("template_id", static (in r) => r.Header.TemplateId)
            .UInt64("slot", static (in r) => r.TryGetSlot(out var slot) ? slot : 0)
            .Bytes("frame", static (in r) => r.Frame)
            .Build(),
        TemplateSet.All,
        static (in record, index, out row) =>
        {
            row = record;
            return index == 0;
        });

    /// <summary>Seconds since the Unix epoch as nanoseconds; what is unknown or out of range is 0.</summary>
    public static ulong FromSeconds(long seconds) => seconds > 0 && (ulong)seconds < ulong.MaxValue / NanosecondsPerSecond ? (ulong)seconds * NanosecondsPerSecond : 0;
}
