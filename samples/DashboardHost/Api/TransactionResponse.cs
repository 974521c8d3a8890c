using Mev.Sdk.DashboardHost.Live;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.DashboardHost.Api;

/// <summary>An item of <c>GET /api/v1/transactions</c>.</summary>
internal sealed record TransactionResponse(
    string Signature,
    string Lsn,
    ulong Slot,
    DateTimeOffset? BlockTime,
    string Stage,
    string Kind,
    string Payer,
    ulong FeeLamports,
    ulong TipLamports,
    uint ComputeUnitsConsumed,
    int SwapCount,
    SwapResponse? FirstSwap,
    float? Score,
    string? ModelVersion,
    DateTimeOffset ProcessedAt)
{
    public static TransactionResponse From(TransactionRow row) => new(
        row.Signature.ToString(),
        row.Lsn.ToString(),
        row.Slot,
        row.BlockTime,
        row.Stage.ToString().ToLowerInvariant(),
        FeedRow.KindOf(row.Flags, row.SwapCount),
        row.Payer.ToString(),
        row.FeeLamports,
        row.TipLamports,
        row.ComputeUnitsConsumed,
        row.SwapCount,
        row.FirstSwap is { } swap ? SwapResponse.From(swap) : null,
        row.Score,
        row.ModelVersion,
        row.ProcessedAt);
}

/// <summary>A swap; amounts in base units of their mints.</summary>
internal sealed record SwapResponse(string Venue, string Pool, string MintIn, string MintOut, ulong AmountIn, ulong AmountOut, byte DecimalsIn, byte DecimalsOut)
{
    public static SwapResponse From(SwapSummary swap) => new(
        VenueNames.Get(swap.Venue), swap.Pool.ToString(), swap.MintIn.ToString(), swap.MintOut.ToString(), swap.AmountIn, swap.AmountOut, swap.DecimalsIn, swap.DecimalsOut);
}
