using System.Globalization;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Queries;

/// <summary>Rows of <c>mev_opportunities</c> as the type of the contract.</summary>
internal static class OpportunityRows
{
    private static readonly string[] Kinds = ["unknown", "arbitrage", "sandwich", "liquidation", "backrun", "jit_liquidity"];

    public static string[] Columns { get; } =
    [
        "lsn", "opportunity_id", "type", "strategy", "transaction_lsn", "signature", "slot", "profit_lamports", "cost_lamports", "confidence", "flags",
        "detected", "executed", "success", "outcome", "metadata", "actual_cost_lamports",
    ];

    public static OpportunityRow Read(HistoryRow r) => new()
    {
        Lsn = new Lsn(r[0].AsUInt64()),
        OpportunityId = r[1].AsUInt64(),
        Kind = KindOf(r[2].AsText()),
        StrategyId = (ushort)r[3].AsInt64(),
        TransactionLsn = r[4].IsNull ? null : new Lsn(r[4].AsUInt64()),
        Signature = r[5].IsNull ? null : r[5].AsSignature(),
        Slot = r[6].AsUInt64(),
        ProfitLamports = r[7].AsInt64(),
        CostLamports = r[8].AsUInt64(),
        Confidence = r[9].IsNull ? null : r[9].AsFloat(),
        Flags = (OpportunityFlags)r[10].AsUInt64(),
        DetectedAt = r[11].IsNull ? null : r[11].AsTimestamp(),
        ExecutedAt = r[12].IsNull ? null : r[12].AsTimestamp(),
        Success = r[13].IsNull ? null : r[13].AsBoolean(),
        Outcome = (OutcomeStatus)r[14].AsInt64(),
        Metadata = r[15].IsNull ? "" : r[15].AsText(),
        ActualCostLamports = r[16].IsNull ? null : r[16].AsUInt64(),
    };

    private static OpportunityKind KindOf(string text)
    {
        var index = Array.IndexOf(Kinds, text);
        return index >= 0 ? (OpportunityKind)index : ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (OpportunityKind)number : OpportunityKind.Unknown;
    }
}
