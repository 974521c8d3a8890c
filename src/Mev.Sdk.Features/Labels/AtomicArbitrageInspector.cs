using Mev.Sdk.Features.Operators;
using Mev.Sdk.Records;

namespace Mev.Sdk.Features.Labels;

/// <summary>Finds atomic arbitrage in what a transaction's swaps did.</summary>
/// <remarks>
/// <para>The rule: one transaction holds two or more swaps of one owner whose mints form a closed cycle; the owner's net over every mint is at
/// least zero, and still above zero in the quote mint after fee and tip. Where the quote mint is not wrapped SOL, fee and tip cannot be
/// subtracted without a price, so the gross must be above zero and the finding says that it is not valued. Failed and losing attempts are
/// classes of their own.</para>
/// <para>The owner is the trader of a swap. The net is that of the swaps: other transfers of the transaction are not looked at.</para>
/// <para>Not thread-safe; allocates nothing for up to 64 swaps a transaction, of more only the first 64 are looked at.</para>
/// </remarks>
public sealed class AtomicArbitrageInspector
{
    private const int MaxSwaps = 64;

    private readonly MintGraph _graph = new(MaxSwaps);

    /// <summary>Looks at one transaction.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <returns>The finding; the owner with the best class speaks for the transaction.</returns>
    public ArbitrageFinding Inspect(in TransactionView transaction)
    {
        var swaps = transaction.Swaps;
        swaps = swaps.Length > MaxSwaps ? swaps[..MaxSwaps] : swaps;
        var best = default(ArbitrageFinding);
        if (swaps.Length < 2)
        {
            return best;
        }

        for (var i = 0; i < swaps.Length; i++)
        {
            if (IsFirstOfOwner(swaps, i))
            {
                var finding = InspectOwner(in transaction.Record, swaps, in swaps[i].Trader);
                best = Rank(finding.Verdict) > Rank(best.Verdict) ? finding : best;
            }
        }

        return best;
    }

    private ArbitrageFinding InspectOwner(in TransactionRecord block, ReadOnlySpan<SwapEntry> swaps, in Pubkey owner)
    {
        _graph.Clear();
        var first = -1;
        for (var i = 0; i < swaps.Length; i++)
        {
            if (swaps[i].Trader == owner && swaps[i].MintIn != swaps[i].MintOut)
            {
                first = first < 0 ? i : first;
                _graph.Add(in swaps[i]);
            }
        }

        if (_graph.Edges < 2 || !_graph.HasCycle())
        {
            return default;
        }

        ref readonly var start = ref swaps[first];
        var sol = _graph.NetOf(in Mints.WrappedSol);
        var quote = sol > 0 ? Mints.WrappedSol : start.MintIn;
        var inSol = quote == Mints.WrappedSol;
        var gross = _graph.NetOf(in quote);
        var cost = block.FeeLamports + block.TipLamports;
        var shortMints = _graph.CountShort();
        var pays = shortMints == 0 && (inSol ? gross > (Int128)cost : gross > 0);
        var verdict = (block.Flags & TransactionFlags.Failed) != TransactionFlags.None ? ArbitrageVerdict.Failed
            : pays ? ArbitrageVerdict.Arbitrage
            : ArbitrageVerdict.Lost;
        return new ArbitrageFinding(
            verdict,
            owner,
            quote,
            start.Pool,
            _graph.Edges,
            (long)Int128.Clamp(gross, long.MinValue, long.MaxValue),
            shortMints,
            cost,
            start.MintIn == Mints.WrappedSol ? start.AmountIn : 0,
            inSol);
    }

    private static bool IsFirstOfOwner(ReadOnlySpan<SwapEntry> swaps, int at)
    {
        for (var i = 0; i < at; i++)
        {
            if (swaps[i].Trader == swaps[at].Trader)
            {
                return false;
            }
        }

        return true;
    }

    private static int Rank(ArbitrageVerdict verdict) => verdict switch
    {
        ArbitrageVerdict.Arbitrage => 3,
        ArbitrageVerdict.Failed => 2,
        ArbitrageVerdict.Lost => 1,
        _ => 0,
    };
}
