using System.Runtime.CompilerServices;
using Mev.Sdk.Storage.Columnar.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Columnar.Internal;

/// <summary>Records of a range into a file of either format.</summary>
internal sealed class Exporter(ColumnarOptions options, TimeProvider time)
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(200);

    public ColumnarOptions Options => options;

    /// <summary>Reads no further than the range, and only the kinds of record that the table is made from.</summary>
    public static async IAsyncEnumerable<RecordBatch> ReadAsync(IRecordLog log, RecordRows rows, ExportRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var batch in log.ReadAsync(range.FirstLsn, follow: false, rows.Templates, cancellationToken).ConfigureAwait(false))
        {
            if (range.IsBehind(batch.FirstLsn))
            {
                batch.Release();
                yield break;
            }

            yield return batch;
        }
    }

    public async ValueTask<ExportResult> ExportAsync(
        IAsyncEnumerable<RecordBatch> records,
        RecordRows rows,
        IRowGroupFile file,
        ExportRange range,
        IProgress<ExportProgress>? progress,
        CancellationToken cancellationToken)
    {
        range.Check();
        using var writer = new TableWriter(file, rows.Columns, rows.SortColumns, options);
        var read = 0L;
        var reported = time.GetTimestamp();
        await foreach (var batch in records.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            Lsn last;
            try
            {
                last = batch.LastLsn;
                var done = 0;
                while (done < batch.Count)
                {
                    done = Take(batch, done, rows, writer, in range);
                    if (writer.IsFull)
                    {
                        await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
                    }
                }

                read += batch.Count;
            }
            finally
            {
                batch.Release();
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (progress is not null && time.GetElapsedTime(reported) >= ReportEvery)
            {
                reported = time.GetTimestamp();
                progress.Report(new ExportProgress(read, writer.RowsWritten + writer.Rows.Rows, writer.Length, last));
            }
        }

        await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
        return new ExportResult(read, writer.RowsWritten, writer.RowGroups, writer.Length);
    }

    // Takes records until the row group is full; returns how many of the batch are done.
    private static int Take(RecordBatch batch, int done, RecordRows rows, TableWriter writer, in ExportRange range)
    {
        var index = 0;
        foreach (var record in batch)
        {
            if (index++ < done || !IsWanted(in record, rows, in range))
            {
                continue;
            }

            var position = batch.First with { Sequence = batch.First.Sequence + (ulong)(index - 1) };
            rows.Append(in record, in position, writer.Rows.Columns);
            if (writer.IsFull)
            {
                return index;
            }
        }

        return batch.Count;
    }

    private static bool IsWanted(in RecordView record, RecordRows rows, in ExportRange range) =>
        rows.Templates.Contains(record.Header.TemplateId)
        && range.Contains(record.Lsn)
        && (!range.HasSlots || (record.TryGetSlot(out var slot) && range.Contains(slot)));
}
