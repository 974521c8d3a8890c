using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Columnar.Records;

/// <summary>What was learnt of transactions: labels, their legs, scores.</summary>
internal static class LabelTables
{
    private static readonly TemplateSet Templates = TemplateSet.Of(TemplateIds.Label);

    public static RecordRows Labels { get; } = new RecordRowsOf<LabelView>(
        new TableSchemaBuilder<LabelView>("labels")
            .UInt64("target_lsn", static (in r) => r.Record.TargetLsn)
            .Timestamp("labeled", static (in r) => r.Record.LabeledNanoseconds)
            .UInt64("slot", static (in r) => r.Record.Slot)
            .Int64("profit_lamports", static (in r) => r.Record.ProfitLamports)
            .Double("confidence", static (in r) => r.Record.Confidence)
            .UInt16("type", static (in r) => (ushort)r.Record.Kind)
            .UInt16("rule_id", static (in r) => r.Record.RuleId)
            .UInt16("rule_version", static (in r) => r.Record.RuleVersion)
            .UInt16("flags", static (in r) => (ushort)r.Record.Flags)
            .Text("evidence", static (in r) => r.Evidence)
            .Build(),
        Templates,
        static (in record, index, out row) =>
        {
            row = default;
            return index == 0 && LabelView.TryRead(in record, out row);
        });

    public static RecordRows LabelLegs { get; } = new RecordRowsOf<LegRow>(
        new TableSchemaBuilder<LegRow>("label_legs")
            .UInt64("target_lsn", static (in r) => r.Label.Record.TargetLsn)
            .UInt16("leg_index", static (in r) => (ushort)r.Index)
            .Signature("signature", static (in r) => r.Leg.Signature)
            .UInt64("leg_lsn", static (in r) => r.Leg.Lsn)
            .UInt64("slot", static (in r) => r.Leg.Slot)
            .UInt32("index_in_block", static (in r) => r.Leg.IndexInBlock)
            .UInt16("role", static (in r) => (ushort)r.Leg.Role)
            .Build(),
        Templates,
        LegRow.TryRead);

    public static RecordRows Predictions { get; } = new RecordRowsOf<ScoreRow>(
        new TableSchemaBuilder<ScoreRow>("predictions")
            .UInt64("transaction_lsn", static (in r) => r.Score.TransactionLsn)
            .Float("score", static (in r) => r.Score.Score)
            .Float("propensity", static (in r) => r.Score.Propensity)
            .Timestamp("time", static (in r) => r.Prediction.Record.TimeNanoseconds)
            .Double("threshold", static (in r) => r.Prediction.Record.Threshold)
            .UInt64("feature_schema_hash", static (in r) => r.Prediction.Record.FeatureSchemaHash)
            .Text("model_version", static (in r) => r.Prediction.ModelVersion)
            .Build(),
        TemplateSet.Of(TemplateIds.Prediction),
        ScoreRow.TryRead);
}
