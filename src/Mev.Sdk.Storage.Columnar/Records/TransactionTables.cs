using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Columnar.Records;

/// <summary>Transactions and their swaps.</summary>
internal static class TransactionTables
{
    private static readonly TemplateSet Templates = TemplateSet.Of(TemplateIds.Transaction);

    public static RecordRows Transactions { get; } = new RecordRowsOf<TransactionView>(Describe().Build(), Templates, TryRead);

    public static RecordRows TransactionsWithRaw { get; } = new RecordRowsOf<TransactionView>(
        Describe().Bytes("wire", static (in r) => r.Wire).Bytes("meta", static (in r) => r.Meta).Build(), Templates, TryRead);

    public static RecordRows Swaps { get; } = new RecordRowsOf<SwapRow>(
        new TableSchemaBuilder<SwapRow>("swaps")
            .Signature("signature", static (in r) => r.Transaction.Record.Signature)
            .UInt64("slot", static (in r) => r.Transaction.Record.Slot)
            .UInt32("index_in_block", static (in r) => r.Transaction.Record.IndexInBlock)
            .UInt16("swap_index", static (in r) => (ushort)r.Index)
            .UInt16("outer_instruction", static (in r) => r.Swap.OuterInstruction)
            .UInt16("inner_instruction", static (in r) => r.Swap.InnerInstruction)
            .UInt16("venue", static (in r) => (ushort)r.Swap.Venue)
            .UInt16("swap_flags", static (in r) => (ushort)r.Swap.Flags)
            .Key("program", static (in r) => r.Swap.Program)
            .Key("pool", static (in r) => r.Swap.Pool)
            .Key("trader", static (in r) => r.Swap.Trader)
            .Key("mint_in", static (in r) => r.Swap.MintIn)
            .Key("mint_out", static (in r) => r.Swap.MintOut)
            .UInt64("amount_in", static (in r) => r.Swap.AmountIn)
            .UInt64("amount_out", static (in r) => r.Swap.AmountOut)
            .UInt64("minimum_amount_out", static (in r) => r.Swap.MinimumAmountOut)
            .UInt64("reserve_in_before", static (in r) => r.Swap.ReserveInBefore)
            .UInt64("reserve_out_before", static (in r) => r.Swap.ReserveOutBefore)
            .UInt8("decimals_in", static (in r) => r.Swap.DecimalsIn)
            .UInt8("decimals_out", static (in r) => r.Swap.DecimalsOut)
            .Build(),
        Templates,
        SwapRow.TryRead);

    private static TableSchemaBuilder<TransactionView> Describe() => new TableSchemaBuilder<TransactionView>("transactions")
        .Signature("signature", static (in r) => r.Record.Signature)
        .UInt64("slot", static (in r) => r.Record.Slot)
        .Timestamp("block_time", static (in r) => SystemTables.FromSeconds(r.Record.BlockTimeSeconds))
        .UInt8("stage", static (in r) => (byte)r.Record.Stage)
        .UInt32("index_in_block", static (in r) => r.Record.IndexInBlock)
        .Key("payer", static (in r) => r.Record.Payer)
        .UInt32("flags", static (in r) => (uint)r.Record.Flags)
        .UInt64("fee_lamports", static (in r) => r.Record.FeeLamports)
        .UInt64("tip_lamports", static (in r) => r.Record.TipLamports)
        .UInt64("compute_unit_price_micro_lamports", static (in r) => r.Record.ComputeUnitPriceMicroLamports)
        .UInt32("compute_unit_limit", static (in r) => r.Record.ComputeUnitLimit)
        .UInt32("compute_units_consumed", static (in r) => r.Record.ComputeUnitsConsumed)
        .UInt16("error_code", static (in r) => (ushort)r.Record.ErrorCode)
        .UInt8("error_instruction", static (in r) => r.Record.ErrorInstruction)
        .UInt16("error_instruction_code", static (in r) => (ushort)r.Record.ErrorInstructionCode)
        .UInt32("error_custom_code", static (in r) => r.Record.ErrorCustomCode)
        .UInt8("message_format", static (in r) => r.Record.MessageFormat)
        .UInt8("signature_count", static (in r) => r.Record.SignatureCount)
        .UInt16("instruction_count", static (in r) => r.Record.InstructionCount)
        .UInt16("swap_count", static (in r) => (ushort)r.Swaps.Length)
        .OptionalUInt16("venue", static (in r) => r.Swaps.IsEmpty ? null : (ushort)r.Swaps[0].Venue)
        .Key("pool", static (in r) => r.Swaps.IsEmpty ? default : r.Swaps[0].Pool)
        .Key("mint_in", static (in r) => r.Swaps.IsEmpty ? default : r.Swaps[0].MintIn)
        .Key("mint_out", static (in r) => r.Swaps.IsEmpty ? default : r.Swaps[0].MintOut)
        .OptionalUInt64("amount_in", static (in r) => r.Swaps.IsEmpty ? null : r.Swaps[0].AmountIn)
        .OptionalUInt64("amount_out", static (in r) => r.Swaps.IsEmpty ? null : r.Swaps[0].AmountOut)
        .OptionalUInt8("decimals_in", static (in r) => r.Swaps.IsEmpty ? null : r.Swaps[0].DecimalsIn)
        .OptionalUInt8("decimals_out", static (in r) => r.Swaps.IsEmpty ? null : r.Swaps[0].DecimalsOut);

    private static bool TryRead(in RecordView record, int index, out TransactionView row)
    {
        row = default;
        return index == 0 && TransactionView.TryRead(in record, out row);
    }
}
