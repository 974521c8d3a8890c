using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive.Import;

/// <summary>Puts documents together from records that come one after the other.</summary>
internal sealed class ArchiveJsonReader
{
    private readonly List<byte[]> _transactions = [];
    private BlockRecord _block;
    private ImportResidual _residual;
    private Lsn _blockLsn;
    private bool _isInBlock;

    public void Read(ArchiveBatch batch, List<byte[]> documents)
    {
        var index = 0;
        foreach (var record in batch.Records)
        {
            Read(in record, batch.GetResidual(index++), documents);
        }
    }

    private void Read(in RecordView record, ReadOnlySpan<byte> residual, List<byte[]> documents)
    {
        try
        {
            if (record.Header.TemplateId == TemplateIds.Block && BlockView.TryRead(in record, out var block) && !residual.IsEmpty)
            {
                End();
                (_block, _residual, _blockLsn, _isInBlock) = (block.Record, ImportResidual.Read(residual), record.Lsn, true);
            }
            else if (record.Header.TemplateId == TemplateIds.Transaction)
            {
                (_isInBlock ? _transactions : documents).Add(ArchiveJson.RenderTransaction(in record, residual));
            }
        }
        catch (Exception damaged) when (damaged is InvalidDataException or FormatException)
        {
            throw new InvalidDataException($"The JSON of the record at LSN {record.Lsn} cannot be made again: {damaged.Message}", damaged);
        }

        if (_isInBlock && _transactions.Count == _block.TransactionCount)
        {
            documents.Add(ArchiveJson.Wrap(in _residual, BlockSkeleton.Render(_residual.Rest, in _block, _transactions)));
            _transactions.Clear();
            _isInBlock = false;
        }
    }

    /// <summary>Nothing follows.</summary>
    /// <exception cref="InvalidDataException">Transactions of a block are missing.</exception>
    public void End()
    {
        if (_isInBlock)
        {
            throw new InvalidDataException($"The block at LSN {_blockLsn} has {_block.TransactionCount} transactions, and {_transactions.Count} of them follow.");
        }
    }
}
