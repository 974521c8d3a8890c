using Mev.Sdk.Records;

namespace Mev.Sdk.Features.Operators;

/// <summary>What operators are shown of one first-sighted transaction.</summary>
internal readonly ref struct FeatureInput
{
    public FeatureInput(in TransactionView transaction, ulong highestSlot)
    {
        Transaction = transaction;
        HighestSlot = highestSlot;
        HasMeta = (transaction.Record.Flags & TransactionFlags.HasMeta) != TransactionFlags.None;
        MainSwap = FindMainSwap(transaction.Swaps);
    }

    public TransactionView Transaction { get; }

    /// <summary>The highest slot of any transaction so far, this one included.</summary>
    public ulong HighestSlot { get; }

    public bool HasMeta { get; }

    /// <summary>Index of the swap with the greatest price impact, the first one when no reserves are known; -1 without swaps.</summary>
    public int MainSwap { get; }

    public bool IsVote => (Transaction.Record.Flags & TransactionFlags.Vote) != TransactionFlags.None;

    public bool IsFailed => (Transaction.Record.Flags & TransactionFlags.Failed) != TransactionFlags.None;

    private static int FindMainSwap(ReadOnlySpan<SwapEntry> swaps)
    {
        if (swaps.IsEmpty)
        {
            return -1;
        }

        var main = 0;
        var greatest = double.NegativeInfinity;
        for (var i = 0; i < swaps.Length; i++)
        {
            var impact = SwapMath.PriceImpact(in swaps[i]);
            if (impact > greatest)
            {
                greatest = impact;
                main = i;
            }
        }

        return main;
    }
}
