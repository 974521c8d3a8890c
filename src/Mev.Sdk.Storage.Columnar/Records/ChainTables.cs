using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Columnar.Records;

/// <summary>The chain itself: blocks, slots, accounts, nodes.</summary>
internal static class ChainTables
{
    public static RecordRows Blocks { get; } = new RecordRowsOf<BlockView>(
        new TableSchemaBuilder<BlockView>("blocks")
            .UInt64("slot", static (in r) => r.Record.Slot)
            .UInt64("parent_slot", static (in r) => r.Record.ParentSlot)
            .UInt64("block_height", static (in r) => r.Record.BlockHeight)
            .Timestamp("block_time", static (in r) => SystemTables.FromSeconds(r.Record.BlockTimeSeconds))
            .UInt32("transaction_count", static (in r) => r.Record.TransactionCount)
            .UInt8("stage", static (in r) => (byte)r.Record.Stage)
            .Key("blockhash", static (in r) => r.Record.Blockhash)
            .Key("previous_blockhash", static (in r) => r.Record.PreviousBlockhash)
            .Key("leader", static (in r) => r.Record.Leader)
            .Build(),
        TemplateSet.Of(TemplateIds.Block),
        static (in record, index, out row) =>
        {
            row = default;
            return index == 0 && BlockView.TryRead(in record, out row);
        });

    public static RecordRows Slots { get; } = new RecordRowsOf<SlotView>(
        new TableSchemaBuilder<SlotView>("slots")
            .UInt64("slot", static (in r) => r.Record.Slot)
            .UInt64("parent_slot", static (in r) => r.Record.ParentSlot)
            .Timestamp("time", static (in r) => r.Record.TimeNanoseconds)
            .UInt8("stage", static (in r) => (byte)r.Record.Stage)
            .Build(),
        TemplateSet.Of(TemplateIds.Slot),
        static (in record, index, out row) =>
        {
            row = default;
            return index == 0 && SlotView.TryRead(in record, out row);
        });

    public static RecordRows Accounts { get; } = new RecordRowsOf<AccountView>(
        new TableSchemaBuilder<AccountView>("accounts")
            .Key("address", static (in r) => r.Record.Address)
            .Key("owner", static (in r) => r.Record.Owner)
            .Signature("signature", static (in r) => r.Record.TransactionSignature)
            .UInt64("slot", static (in r) => r.Record.Slot)
            .UInt64("write_version", static (in r) => r.Record.WriteVersion)
            .UInt64("lamports", static (in r) => r.Record.Lamports)
            .UInt64("rent_epoch", static (in r) => r.Record.RentEpoch)
            .UInt8("stage", static (in r) => (byte)r.Record.Stage)
            .UInt8("flags", static (in r) => (byte)r.Record.Flags)
            .Bytes("data", static (in r) => r.Data)
            .Build(),
        TemplateSet.Of(TemplateIds.Account),
        static (in record, index, out row) =>
        {
            row = default;
            return index == 0 && AccountView.TryRead(in record, out row);
        });

    public static RecordRows Nodes { get; } = new RecordRowsOf<NodeView>(
        new TableSchemaBuilder<NodeView>("nodes")
            .Key("identity", static (in r) => r.Record.Identity)
            .Key("vote_account", static (in r) => r.Record.VoteAccount)
            .Timestamp("observed", static (in r) => r.Record.ObservedNanoseconds)
            .UInt64("slot", static (in r) => r.Record.Slot)
            .UInt64("activated_stake_lamports", static (in r) => r.Record.ActivatedStakeLamports)
            .UInt64("last_vote_slot", static (in r) => r.Record.LastVoteSlot)
            .UInt64("root_slot", static (in r) => r.Record.RootSlot)
            .UInt64("latency_nanoseconds", static (in r) => r.Record.LatencyNanoseconds)
            .UInt32("leader_slots", static (in r) => r.Record.LeaderSlots)
            .UInt32("blocks_produced", static (in r) => r.Record.BlocksProduced)
            .UInt32("slots_behind", static (in r) => r.Record.SlotsBehind)
            .UInt16("health", static (in r) => (ushort)r.Record.Health)
            .UInt8("commission_percent", static (in r) => r.Record.CommissionPercent)
            .Text("name", static (in r) => r.Name)
            .Text("version", static (in r) => r.Version)
            .Text("addresses", static (in r) => r.Addresses)
            .Build(),
        TemplateSet.Of(TemplateIds.Node),
        static (in record, index, out row) =>
        {
            row = default;
            return index == 0 && NodeView.TryRead(in record, out row);
        });
}
