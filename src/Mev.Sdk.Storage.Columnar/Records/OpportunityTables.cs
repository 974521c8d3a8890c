using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Columnar.Records;

/// <summary>What engines saw, what came of it, and the strategies that saw it.</summary>
internal static class OpportunityTables
{
    public static RecordRows Opportunities { get; } = new RecordRowsOf<OpportunityView>(
        new TableSchemaBuilder<OpportunityView>("mev_opportunities")
            .UInt64("opportunity_id", static (in r) => r.Record.OpportunityId)
            .UInt16("type", static (in r) => (ushort)r.Record.Kind)
            .UInt16("strategy", static (in r) => r.Record.StrategyId)
            .Signature("signature", static (in r) => r.Record.TriggerSignature)
            .UInt64("slot", static (in r) => r.Record.Slot)
            .Key("pool", static (in r) => r.Record.Pool)
            .Key("quote_mint", static (in r) => r.Record.QuoteMint)
            .Int64("expected_profit_lamports", static (in r) => r.Record.ExpectedProfitLamports)
            .UInt64("expected_cost_lamports", static (in r) => r.Record.ExpectedCostLamports)
            .UInt64("capital_lamports", static (in r) => r.Record.CapitalLamports)
            .UInt64("actual_cost_lamports", static (in r) => r.Record.ActualCostLamports)
            .Double("confidence", static (in r) => r.Record.Confidence)
            .UInt32("flags", static (in r) => (uint)r.Record.Flags)
            .Timestamp("detected", static (in r) => r.Record.DetectedNanoseconds)
            .Timestamp("executed", static (in r) => r.Record.ExecutedNanoseconds)
            .Text("metadata", static (in r) => r.Metadata)
            .Build(),
        TemplateSet.Of(TemplateIds.Opportunity),
        static (in record, index, out row) =>
        {
            row = default;
            return index == 0 && OpportunityView.TryRead(in record, out row);
        });

    public static RecordRows Outcomes { get; } = new RecordRowsOf<OutcomeView>(
        new TableSchemaBuilder<OutcomeView>("outcomes")
            .UInt64("opportunity_id", static (in r) => r.Record.OpportunityId)
            .Signature("signature", static (in r) => r.Record.Signature)
            .UInt64("slot", static (in r) => r.Record.Slot)
            .Timestamp("completed", static (in r) => r.Record.CompletedNanoseconds)
            .Int64("profit_lamports", static (in r) => r.Record.ProfitLamports)
            .UInt64("fee_lamports", static (in r) => r.Record.FeeLamports)
            .UInt64("tip_lamports", static (in r) => r.Record.TipLamports)
            .UInt32("status", static (in r) => (uint)r.Record.Status)
            .Text("reason", static (in r) => r.Reason)
            .Build(),
        TemplateSet.Of(TemplateIds.Outcome),
        static (in record, index, out row) =>
        {
            row = default;
            return index == 0 && OutcomeView.TryRead(in record, out row);
        });

    public static RecordRows Strategies { get; } = new RecordRowsOf<StrategyView>(
        new TableSchemaBuilder<StrategyView>("strategies")
            .UInt16("strategy", static (in r) => r.Record.StrategyId)
            .UInt16("flags", static (in r) => (ushort)r.Record.Flags)
            .UInt64("revision", static (in r) => r.Record.Revision)
            .UInt64("slot", static (in r) => r.Record.Slot)
            .Timestamp("observed", static (in r) => r.Record.ObservedNanoseconds)
            .UInt64("seen", static (in r) => r.Record.Seen)
            .UInt64("submitted", static (in r) => r.Record.Submitted)
            .UInt64("landed", static (in r) => r.Record.Landed)
            .Int64("profit_lamports", static (in r) => r.Record.ProfitLamports)
            .UInt64("cost_lamports", static (in r) => r.Record.CostLamports)
            .Text("name", static (in r) => r.Name)
            .Text("parameters", static (in r) => r.Parameters)
            .Build(),
        TemplateSet.Of(TemplateIds.Strategy),
        static (in record, index, out row) =>
        {
            row = default;
            return index == 0 && StrategyView.TryRead(in record, out row);
        });
}
