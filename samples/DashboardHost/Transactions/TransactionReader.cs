using Mev.Sdk.Records;
using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Wire;

namespace Mev.Sdk.DashboardHost.Transactions;

/// <summary>Finds a transaction's record in the journal, or in the archive when the journal has deleted it, and takes it apart.</summary>
internal sealed class TransactionReader(IRecordLog journal, ArchiveSet archive)
{
    /// <summary>Reads the record behind a row; null when neither holds it.</summary>
    /// <exception cref="InvalidDataException">The part of the archive that holds it is damaged.</exception>
    public async ValueTask<TransactionDetail?> ReadAsync(TransactionRow row, CancellationToken cancellationToken)
    {
        try
        {
            if (await FindAsync(journal.ReadAsync(row.RawLsn, follow: false, cancellationToken), row) is { } detail)
            {
                return detail;
            }
        }
        catch (RecordsRemovedException)
        {
            // Retention deletes what the archive holds.
        }

        // The journal may forget a record within the second in which its object appeared.
        if (!archive.Objects.Any(entry => entry.FirstLsn <= row.RawLsn && row.RawLsn <= entry.LastLsn))
        {
            await archive.RefreshAsync(cancellationToken);
        }

        return await FindAsync(archive.ReadAsync(ArchiveRange.OfLsns(row.RawLsn, row.RawLsn), cancellationToken: cancellationToken), row);
    }

    private static async ValueTask<TransactionDetail?> FindAsync(IAsyncEnumerable<RecordBatch> batches, TransactionRow row)
    {
        await foreach (var batch in batches)
        {
            try
            {
                return Find(batch, row);
            }
            finally
            {
                batch.Release();
            }
        }

        return null;
    }

    private static TransactionDetail? Find(RecordBatch batch, TransactionRow row)
    {
        foreach (var record in batch)
        {
            // A journal that was deleted and begun anew gives its numbers a second time.
            if (record.Lsn == row.RawLsn && TransactionView.TryRead(in record, out var view) && view.Record.Signature == row.Signature)
            {
                return TransactionDetail.From(in view, in record, batch.First);
            }
        }

        return null;
    }
}
