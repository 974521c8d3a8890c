using Mev.Sdk.Records;
using Mev.Sdk.Solana.Effects;
using Mev.Sdk.Solana.Instructions;
using Mev.Sdk.Wire;

namespace Mev.Sdk.DashboardHost.Transactions;

/// <summary>Everything the page shows of one transaction beside its row: what Mev.Sdk.Solana reads from its bytes.</summary>
internal sealed record TransactionDetail
{
    public required RawPart Raw { get; init; }

    /// <summary>Accounts, instructions and log; null when the bytes are missing or refused, see <see cref="Problem"/>.</summary>
    public TransactionTrace? Trace { get; init; }

    /// <summary>Why nothing could be decoded; empty when it was.</summary>
    public string Problem { get; init; } = "";

    /// <summary>Swaps it executed, or got to before it failed.</summary>
    public IReadOnlyList<SwapEntry> Swaps { get; init; } = [];

    /// <summary>Whether the swaps were undone because it failed.</summary>
    public bool Undone { get; init; }

    public IReadOnlyList<LiquidityChange> Liquidity { get; init; } = [];

    public IReadOnlyList<TokenMovement> Movements { get; init; } = [];

    public IReadOnlyList<NftTrade> NftTrades { get; init; } = [];

    public IReadOnlyList<Liquidation> Liquidations { get; init; } = [];

    public IReadOnlyList<TipPayment> Tips { get; init; } = [];

    public BalanceChanges? Balances { get; init; }

    /// <summary>Instructions of known venues that this version does not describe.</summary>
    public int UnknownInstructions { get; init; }

    /// <summary>Reads a record; it is copied, so the batch may go.</summary>
    public static TransactionDetail From(in TransactionView view, in RecordView record, StreamPosition position)
    {
        var time = record.Header.EngineTimeNanoseconds;
        var detail = new TransactionDetail
        {
            Raw = new RawPart(
                view.Wire.Length,
                view.Meta.Length,
                time == 0 ? null : DateTimeOffset.UnixEpoch.AddTicks((long)(time / 100)),
                position.SessionId,
                record.Header.Sequence),
            Swaps = view.Swaps.ToArray(),
        };
        if (view.Wire.IsEmpty)
        {
            return detail with { Problem = "The source gave no wire bytes, so nothing can be decoded; the figures above are the record's own." };
        }

        if (!TransactionTrace.TryRead(view.Wire, view.Meta, out var trace, out var error)
            || !BalanceChanges.TryRead(view.Wire, view.Meta, out var balances, out error))
        {
            return detail with { Problem = $"The bytes cannot be decoded ({error}); the figures above are the record's own." };
        }

        var effects = new TransactionEffects();
        var outcome = effects.Read(view.Wire, view.Meta, out _);
        return detail with
        {
            Trace = trace,
            Balances = balances,
            Undone = outcome == EffectsOutcome.Failed,
            Swaps = outcome switch { EffectsOutcome.Done => effects.Swaps.ToArray(), EffectsOutcome.Failed => effects.Attempts.ToArray(), _ => detail.Swaps },
            Liquidity = effects.LiquidityChanges.ToArray(),
            Movements = effects.Movements.ToArray(),
            NftTrades = effects.NftTrades.ToArray(),
            Liquidations = effects.Liquidations.ToArray(),
            Tips = effects.Tips.ToArray(),
            UnknownInstructions = effects.UnknownInstructions,
        };
    }
}
