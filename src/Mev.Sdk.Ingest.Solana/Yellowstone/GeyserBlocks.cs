using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Solana.Yellowstone;

/// <summary>Reads what <c>SubscribeUpdateBlock</c> and <c>SubscribeUpdateBlockMeta</c> say about a block itself.</summary>
internal static class GeyserBlocks
{
    /// <summary>Field of the transactions in <c>SubscribeUpdateBlock</c>.</summary>
    public const int Transactions = 6;

    /// <summary>Reads a block.</summary>
    /// <param name="update">The update.</param>
    /// <param name="isMeta">Whether it is a block meta, whose fields are numbered otherwise from 6 on.</param>
    /// <param name="stage">How final it is.</param>
    /// <param name="block">The record.</param>
    /// <param name="executed">Transactions that the block holds.</param>
    public static bool TryRead(ReadOnlySpan<byte> update, bool isMeta, SightingStage stage, out BlockRecord block, out ulong executed)
    {
        block = new BlockRecord { Stage = stage };
        executed = 0;
        var (parentSlot, parentHash, count) = isMeta ? (6, 7, 8) : (7, 8, 9);
        var fields = new ProtoFields(update);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    block.Slot = fields.Number;
                    break;
                case 2:
                    if (!Pubkey.TryParse(fields.Bytes, out block.Blockhash))
                    {
                        return false;
                    }

                    break;
                case 3:
                    block.Leader = Leader(fields.Bytes);
                    break;
                case 4:
                    block.BlockTimeSeconds = (long)Inner(fields.Bytes);
                    break;
                case 5:
                    block.BlockHeight = Inner(fields.Bytes);
                    break;
                default:
                    if (fields.Field == parentSlot)
                    {
                        block.ParentSlot = fields.Number;
                    }
                    else if (fields.Field == parentHash)
                    {
                        block.PreviousBlockhash = Pubkey.TryParse(fields.Bytes, out var previous) ? previous : default;
                    }
                    else if (fields.Field == count)
                    {
                        executed = fields.Number;
                    }

                    break;
            }
        }

        return !fields.IsMalformed && block.Slot != 0 && block.ParentSlot < block.Slot;
    }

    // UnixTimestamp and BlockHeight: one number, field 1.
    private static ulong Inner(ReadOnlySpan<byte> message)
    {
        ulong number = 0;
        var fields = new ProtoFields(message);
        while (fields.Next())
        {
            number = fields.Field == 1 ? fields.Number : number;
        }

        return number;
    }

    // The leader is who got the block's fees: Rewards { Reward { pubkey 1, reward_type 4 = Fee (1) } }.
    private static Pubkey Leader(ReadOnlySpan<byte> rewards)
    {
        var list = new ProtoFields(rewards);
        while (list.Next())
        {
            if (list.Field != 1)
            {
                continue;
            }

            ReadOnlySpan<byte> who = default;
            ulong type = 0;
            var reward = new ProtoFields(list.Bytes);
            while (reward.Next())
            {
                if (reward.Field == 1)
                {
                    who = reward.Bytes;
                }
                else if (reward.Field == 4)
                {
                    type = reward.Number;
                }
            }

            if (type == 1 && Pubkey.TryParse(who, out var leader))
            {
                return leader;
            }
        }

        return default;
    }
}
