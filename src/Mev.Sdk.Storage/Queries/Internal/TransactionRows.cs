using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Queries;

/// <summary>Rows of <c>transactions</c> as the type of the contract, and its searches as conditions.</summary>
internal static class TransactionRows
{
    private const int Failed = (int)TransactionFlags.Failed;
    private const int Vote = (int)TransactionFlags.Vote;

    public static string[] Columns { get; } =
    [
        "lsn", "raw_lsn", "signature", "slot", "block_time", "stage", "processed_at", "index_in_block", "payer", "flags", "fee_lamports", "tip_lamports",
        "compute_unit_price_micro_lamports", "compute_unit_limit", "compute_units_consumed", "error_code", "error_custom_code", "swap_count",
        "score", "model_version", "venue", "pool", "mint_in", "mint_out", "amount_in", "amount_out", "decimals_in", "decimals_out",
    ];

    public static TransactionRow Read(HistoryRow r) => new()
    {
        Lsn = new Lsn(r[0].AsUInt64()),
        RawLsn = new Lsn(r[1].AsUInt64()),
        Signature = r[2].AsSignature(),
        Slot = r[3].AsUInt64(),
        BlockTime = r[4].IsNull ? null : r[4].AsTimestamp(),
        Stage = (SightingStage)r[5].AsInt64(),
        ProcessedAt = r[6].AsTimestamp(),
        IndexInBlock = (uint)r[7].AsUInt64(),
        Payer = r[8].AsKey(),
        Flags = (TransactionFlags)r[9].AsUInt64(),
        FeeLamports = r[10].AsUInt64(),
        TipLamports = r[11].AsUInt64(),
        ComputeUnitPriceMicroLamports = r[12].AsUInt64(),
        ComputeUnitLimit = (uint)r[13].AsUInt64(),
        ComputeUnitsConsumed = (uint)r[14].AsUInt64(),
        ErrorCode = (TransactionErrorCode)r[15].AsInt64(),
        ErrorCustomCode = (uint)r[16].AsUInt64(),
        SwapCount = (int)r[17].AsInt64(),
        Score = r[18].IsNull ? null : (float)r[18].AsFloat(),
        ModelVersion = r[19].IsNull ? null : r[19].AsText(),
        FirstSwap = r[20].IsNull ? null : new SwapSummary(
            (VenueId)r[20].AsInt64(),
            r[21].IsNull ? default : r[21].AsKey(),
            r[22].AsKey(),
            r[23].AsKey(),
            r[24].AsUInt64(),
            r[25].AsUInt64(),
            (byte)r[26].AsInt64(),
            (byte)r[27].AsInt64()),
    };

    /// <exception cref="ArgumentOutOfRangeException">A condition is none.</exception>
    public static HistoryFilter? FilterOf(TransactionQuery query)
    {
        var filters = new List<HistoryFilter>();
        if (query.Before != Lsn.None)
        {
            filters.Add(HistoryFilter.Where("lsn", HistoryTest.Less, query.Before.Value));
        }

        switch (query.Kind)
        {
            case TransactionKind.Any:
                break;
            case TransactionKind.Swap:
                filters.Add(HistoryFilter.Where("swap_count", HistoryTest.Greater, 0));
                break;
            case TransactionKind.Failed:
                filters.Add(HistoryFilter.Where("flags", HistoryTest.AnyBits, Failed));
                break;
            case TransactionKind.Vote:
                filters.Add(HistoryFilter.Where("flags", HistoryTest.AnyBits, Vote));
                break;
            case TransactionKind.Tipped:
                filters.Add(HistoryFilter.Where("tip_lamports", HistoryTest.Greater, 0));
                break;
            case TransactionKind.Other:
                filters.Add(HistoryFilter.Equal("swap_count", 0));
                filters.Add(HistoryFilter.Where("flags", HistoryTest.NoBits, Failed | Vote));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(query), query.Kind, "There is no such kind of transaction.");
        }

        if (query.Venue is { } venue)
        {
            filters.Add(HistoryFilter.Equal("venue", (int)venue));
        }

        if (query.Payer is { } payer)
        {
            filters.Add(HistoryFilter.Equal("payer", payer));
        }

        if (query.MinimumScore is { } score)
        {
            // A finite double may be beyond every float. A score is a float: compared as one, so that the threshold that a model states is reached by the score that equals it.
            if (!float.IsFinite((float)score))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(query), score, $"{nameof(TransactionQuery.MinimumScore)} must be a finite single-precision number, as scores are; scores lie between 0 and 1.");
            }

            filters.Add(HistoryFilter.Where("score", HistoryTest.GreaterOrEqual, (double)(float)score));
        }

        switch (query.Mint ?? query.OtherMint, query.OtherMint ?? query.Mint)
        {
            case ({ } one, { } other) when query.Mint is not null && query.OtherMint is not null:
                filters.Add(HistoryFilter.AnyOf(
                    HistoryFilter.AllOf(HistoryFilter.Equal("mint_in", one), HistoryFilter.Equal("mint_out", other)),
                    HistoryFilter.AllOf(HistoryFilter.Equal("mint_in", other), HistoryFilter.Equal("mint_out", one))));
                break;
            case ({ } one, _):
                filters.Add(HistoryFilter.AnyOf(HistoryFilter.Equal("mint_in", one), HistoryFilter.Equal("mint_out", one)));
                break;
        }

        return filters.Count == 0 ? null : HistoryFilter.AllOf(filters);
    }
}
