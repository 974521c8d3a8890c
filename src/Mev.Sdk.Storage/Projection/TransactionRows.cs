using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Projection;

/// <summary>Rows of sightings.</summary>
internal static class TransactionRows
{
    private const int SwapColumns = 8;

    /// <returns>Where the byte of the stage is in the buffer.</returns>
    public static int Add(RowBuffer rows, in TransactionView view, long now, bool hasScore, in StagedScore score)
    {
        ref readonly var record = ref view.Record;
        var row = rows.AddRow();
        row.UInt64(view.Lsn.Value);
        row.UInt64(view.Lsn.Value);
        row.Signature(in record.Signature);
        row.UInt64(record.Slot);
        row.TimestampOrNull(UnixMicroseconds.FromSeconds(record.BlockTimeSeconds));
        var stage = row.Place;
        row.UInt8((byte)record.Stage);
        row.Timestamp(now);
        row.UInt32(record.IndexInBlock);
        row.Key(in record.Payer);
        row.UInt32((uint)record.Flags);
        row.UInt64(record.FeeLamports);
        row.UInt64(record.TipLamports);
        row.UInt64(record.ComputeUnitPriceMicroLamports);
        row.UInt32(record.ComputeUnitLimit);
        row.UInt32(record.ComputeUnitsConsumed);
        row.UInt16((ushort)record.ErrorCode);
        row.UInt32(record.ErrorCustomCode);
        row.UInt16((ushort)view.Swaps.Length);
        AddSwap(ref row, view.Swaps);
        if (hasScore)
        {
            row.Float32(score.Score);
            row.Text(score.Model);
        }
        else
        {
            row.Null();
            row.Null();
        }

        row.Complete();
        return stage;
    }

    private static void AddSwap(ref RowWriter row, ReadOnlySpan<SwapEntry> swaps)
    {
        if (swaps.IsEmpty)
        {
            for (var i = 0; i < SwapColumns; i++)
            {
                row.Null();
            }

            return;
        }

        ref readonly var swap = ref swaps[0];
        row.UInt16((ushort)swap.Venue);
        row.KeyOrNull(in swap.Pool);
        row.Key(in swap.MintIn);
        row.Key(in swap.MintOut);
        row.UInt64(swap.AmountIn);
        row.UInt64(swap.AmountOut);
        row.UInt8(swap.DecimalsIn);
        row.UInt8(swap.DecimalsOut);
    }
}
