using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Projection;

/// <summary>Rows of slots, blocks, accounts and nodes; each false when the record's parts lead outside its frame.</summary>
internal static class ChainRows
{
    public static void AddSlot(RowBuffer rows, in SlotView view)
    {
        ref readonly var slot = ref view.Record;
        var row = rows.AddRow();
        row.UInt64(view.Lsn.Value);
        row.UInt64(slot.Slot);
        row.UInt64OrNull(slot.ParentSlot);
        row.TimeOrNull(slot.TimeNanoseconds);
        row.UInt8((byte)slot.Stage);
        row.Complete();
    }

    public static bool TryAddBlock(RowBuffer rows, in RecordView record)
    {
        if (!BlockView.TryRead(in record, out var view))
        {
            return false;
        }

        ref readonly var block = ref view.Record;
        var row = rows.AddRow();
        row.UInt64(view.Lsn.Value);
        row.UInt64(block.Slot);
        row.UInt64(block.ParentSlot);
        row.UInt64OrNull(block.BlockHeight);
        row.TimestampOrNull(UnixMicroseconds.FromSeconds(block.BlockTimeSeconds));
        row.UInt32(block.TransactionCount);
        row.UInt8((byte)block.Stage);
        row.Key(in block.Blockhash);
        row.Key(in block.PreviousBlockhash);
        row.KeyOrNull(in block.Leader);
        row.Complete();
        return true;
    }

    public static bool TryAddAccount(RowBuffer rows, in RecordView record)
    {
        if (!AccountView.TryRead(in record, out var view))
        {
            return false;
        }

        ref readonly var account = ref view.Record;
        var row = rows.AddRow();
        row.UInt64(view.Lsn.Value);
        row.UInt64(account.Slot);
        row.Key(in account.Address);
        row.Key(in account.Owner);
        row.SignatureOrNull(in account.TransactionSignature);
        row.UInt64(account.WriteVersion);
        row.UInt64(account.Lamports);
        row.UInt64(account.RentEpoch);
        row.UInt8((byte)account.Stage);
        row.UInt8((byte)account.Flags);
        row.UInt32((uint)view.Data.Length);
        row.Complete();
        return true;
    }

    public static bool TryAddNode(RowBuffer rows, in RecordView record)
    {
        if (!NodeView.TryRead(in record, out var view))
        {
            return false;
        }

        ref readonly var node = ref view.Record;
        var row = rows.AddRow();
        row.UInt64(view.Lsn.Value);
        row.TimeOf(in record, node.ObservedNanoseconds);
        row.KeyOrNull(in node.Identity);
        row.KeyOrNull(in node.VoteAccount);
        row.UInt64OrNull(node.Slot);
        row.UInt64OrNull(node.ActivatedStakeLamports);
        row.UInt64OrNull(node.LastVoteSlot);
        row.UInt64OrNull(node.RootSlot);
        row.UInt64OrNull(node.LatencyNanoseconds);
        row.UInt32OrNull(node.LeaderSlots, node.LeaderSlots != 0);
        row.UInt32OrNull(node.BlocksProduced, node.LeaderSlots != 0);
        row.UInt32(node.SlotsBehind);
        row.UInt16((ushort)node.Health);
        row.UInt8(node.CommissionPercent);
        row.CleanText(view.Name);
        row.CleanText(view.Version);
        row.JsonOrNull(view.Addresses);
        row.Complete();
        return true;
    }
}
