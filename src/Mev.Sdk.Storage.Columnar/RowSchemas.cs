using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Columnar;

/// <summary>The tables of the relational contract, with the column names that the databases have.</summary>
public static class RowSchemas
{
    /// <summary>Transactions, one row a signature, sorted by slot and LSN.</summary>
    public static TableSchema<TransactionRow> Transactions { get; } = new TableSchemaBuilder<TransactionRow>("transactions")
        .UInt64("lsn", static (in r) => r.Lsn.Value)
        .UInt64("raw_lsn", static (in r) => r.RawLsn.Value)
        .Signature("signature", static (in r) => r.Signature)
        .UInt64("slot", static (in r) => r.Slot)
        .Instant("block_time", static (in r) => r.BlockTime)
        .UInt8("stage", static (in r) => (byte)r.Stage)
        .Instant("processed_at", static (in r) => r.ProcessedAt)
        .UInt32("index_in_block", static (in r) => r.IndexInBlock)
        .Key("payer", static (in r) => r.Payer)
        .UInt32("flags", static (in r) => (uint)r.Flags)
        .UInt64("fee_lamports", static (in r) => r.FeeLamports)
        .UInt64("tip_lamports", static (in r) => r.TipLamports)
        .UInt64("compute_unit_price_micro_lamports", static (in r) => r.ComputeUnitPriceMicroLamports)
        .UInt32("compute_unit_limit", static (in r) => r.ComputeUnitLimit)
        .UInt32("compute_units_consumed", static (in r) => r.ComputeUnitsConsumed)
        .UInt16("error_code", static (in r) => (ushort)r.ErrorCode)
        .UInt32("error_custom_code", static (in r) => r.ErrorCustomCode)
        .UInt16("swap_count", static (in r) => (ushort)r.SwapCount)
        .OptionalUInt16("venue", static (in r) => (ushort?)r.FirstSwap?.Venue)
        .Key("pool", static (in r) => r.FirstSwap?.Pool ?? default)
        .Key("mint_in", static (in r) => r.FirstSwap?.MintIn ?? default)
        .Key("mint_out", static (in r) => r.FirstSwap?.MintOut ?? default)
        .OptionalUInt64("amount_in", static (in r) => r.FirstSwap?.AmountIn)
        .OptionalUInt64("amount_out", static (in r) => r.FirstSwap?.AmountOut)
        .OptionalUInt8("decimals_in", static (in r) => r.FirstSwap?.DecimalsIn)
        .OptionalUInt8("decimals_out", static (in r) => r.FirstSwap?.DecimalsOut)
        .OptionalFloat("score", static (in r) => r.Score)
        .String("model_version", static (in r) => r.ModelVersion)
        .SortBy("slot", "lsn")
        .Build();

    /// <summary>Opportunities with their outcomes, sorted by slot and LSN.</summary>
    public static TableSchema<OpportunityRow> Opportunities { get; } = new TableSchemaBuilder<OpportunityRow>("mev_opportunities")
        .UInt64("lsn", static (in r) => r.Lsn.Value)
        .UInt64("opportunity_id", static (in r) => r.OpportunityId)
        .UInt16("type", static (in r) => (ushort)r.Kind)
        .UInt16("strategy", static (in r) => r.StrategyId)
        .OptionalUInt64("transaction_lsn", static (in r) => r.TransactionLsn?.Value)
        .Signature("signature", static (in r) => r.Signature ?? default)
        .UInt64("slot", static (in r) => r.Slot)
        .Int64("profit_lamports", static (in r) => r.ProfitLamports)
        .UInt64("cost_lamports", static (in r) => r.CostLamports)
        .OptionalUInt64("actual_cost_lamports", static (in r) => r.ActualCostLamports)
        .OptionalDouble("confidence", static (in r) => r.Confidence)
        .UInt32("flags", static (in r) => (uint)r.Flags)
        .Instant("detected", static (in r) => r.DetectedAt)
        .Instant("executed", static (in r) => r.ExecutedAt)
        .Boolean("success", static (in r) => r.Success)
        .UInt8("outcome", static (in r) => (byte)r.Outcome)
        .String("metadata", static (in r) => r.Metadata)
        .SortBy("slot", "lsn")
        .Build();
}
