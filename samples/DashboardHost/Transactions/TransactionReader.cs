using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Wire;

namespace Mev.Sdk.DashboardHost.Transactions;

/// <summary>Finds a transaction's record in the journal and takes it apart.</summary>
internal sealed class TransactionReader(IRecordLog journal)
{
    /// <summary>Reads the record behind a row; null when the journal no longer holds it.</summary>
    public async ValueTask<TransactionDetail?> ReadAsync(TransactionRow row, CancellationToken cancellationToken)
    {
        await foreach (var batch in journal.ReadAsync(row.RawLsn, follow: false, cancellationToken))
        {
            try
            {
                return Find(batch, row.RawLsn);
            }
            finally
            {
                batch.Release();
            }
        }

        return null;
    }

    private static TransactionDetail? Find(RecordBatch batch, Lsn lsn)
    {
        foreach (var record in batch)
        {
            if (record.Lsn == lsn && TransactionView.TryRead(in record, out var view))
            {
                return TransactionDetail.From(in view, in record, batch.First);
            }
        }

        return null;
    }
}
