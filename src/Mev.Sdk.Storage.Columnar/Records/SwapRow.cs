using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Columnar.Records;

/// <summary>One swap of a transaction.</summary>
internal readonly ref struct SwapRow
{
    private readonly ReadOnlySpan<SwapEntry> _swap;

    private SwapRow(TransactionView transaction, int index)
    {
        Transaction = transaction;
        Index = index;
        _swap = transaction.Swaps.Slice(index, 1);
    }

    public TransactionView Transaction { get; }

    public int Index { get; }

    public ref readonly SwapEntry Swap => ref _swap[0];

    public static bool TryRead(in RecordView record, int index, out SwapRow row)
    {
        if (!TransactionView.TryRead(in record, out var transaction) || index >= transaction.Swaps.Length)
        {
            row = default;
            return false;
        }

        row = new SwapRow(transaction, index);
        return true;
    }
}
