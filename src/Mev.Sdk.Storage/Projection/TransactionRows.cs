using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Projection;

/// <summary>Rows of sightings.</summary>
internal static class TransactionRows
{
    private const int SwapColumns = 8;

    /// <summary>Bytes before the signature: lsn and raw_lsn.</summary>
    public const int SignaturePlace = 2 * sizeof(ulong);

    // Of score and model_version, the last two columns, while they are null.
    private const int ScoreBytes = 2;

    /// <summary>Adds a row without a score.</summary>
    /// <returns>Where the byte of the stage is in the buffer.</returns>
    public static int Add(RowBuffer rows, in TransactionView view, long now)
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
        row.Null();
        row.Null();
        row.Complete();
        return stage;
    }

    /// <summary>Adds a copy of a row, with a score.</summary>
    /// <param name="rows">Gets the copy.</param>
    /// <param name="row">The row, without a score.</param>
    /// <param name="score">The score.</param>
    public static void AddScored(RowBuffer rows, ReadOnlySpan<byte> row, in StagedScore score)
    {
        var copy = rows.AddRow();
        copy.Copy(row[..^ScoreBytes], HistoryTables.Transactions.Columns.Count - ScoreBytes);
        copy.Float32(score.Score);
        copy.Text(score.Model);
        copy.Complete();
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
