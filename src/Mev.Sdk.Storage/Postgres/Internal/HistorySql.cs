using System.Globalization;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Postgres;

/// <summary>The statements of <see cref="IHistoryReader"/>; made of constants, numbers and parameters only.</summary>
internal static class HistorySql
{
    private const int Failed = (int)TransactionFlags.Failed;
    private const int Vote = (int)TransactionFlags.Vote;

    // 32 rows share an entry of the index, and are sorted when they are read.
    private const string NewestFirst = "ORDER BY (lsn >> 5) DESC, lsn DESC";

    private const string TransactionColumns = """
        lsn, raw_lsn, signature, slot, block_time, stage, processed_at, index_in_block, payer, flags, fee_lamports, tip_lamports,
        compute_unit_price_micro_lamports, compute_unit_limit, compute_units_consumed, error_code, error_custom_code, swap_count,
        score, model_version, venue, pool, mint_in, mint_out, amount_in, amount_out, decimals_in, decimals_out
        """;

    private const string OpportunityColumns = """
        lsn, opportunity_id, type, strategy, transaction_lsn, signature, slot, profit_lamports, cost_lamports, confidence, flags,
        detected, executed, success, outcome, metadata, actual_cost_lamports
        """;

    private static readonly string SignatureTail = $"substr(signature, {sizeof(long) + 1})";

    /// <summary>$1 and $2 are the two halves of the signature.</summary>
    public static readonly string FindTransaction = $"SELECT {TransactionColumns} FROM transactions WHERE signature_prefix = $1 AND {SignatureTail} = $2";

    /// <summary>$1 and $2 are the two halves of the signature.</summary>
    public static readonly string FindOpportunities = $"SELECT {OpportunityColumns} FROM mev_opportunities WHERE signature_prefix = $1 AND {SignatureTail} = $2 ORDER BY (lsn < 0), lsn LIMIT 100";

    public static string LatestOpportunities(int limit, bool hasGreatLsns) => Newest(OpportunityColumns, "mev_opportunities", [], limit, hasGreatLsns);

    /// <exception cref="ArgumentOutOfRangeException">A condition is none.</exception>
    public static void Check(TransactionQuery query) => _ = Conditions(query, null);

    public static string FindTransactions(TransactionQuery query, Dictionary<Pubkey, int> ids, bool hasGreatLsns) =>
        Newest(TransactionColumns, "transactions", Conditions(query, ids), query.Limit, hasGreatLsns, query.Before);

    // Signed numbers put the upper half of the LSNs below the lower one: where there are any, they are read first.
    private static string Newest(string columns, string view, List<string> conditions, int limit, bool hasGreatLsns, Lsn before = default)
    {
        var bound = (long)before.Value;
        if (!hasGreatLsns)
        {
            return Select(before == Lsn.None || bound < 0 ? [] : [Below(bound)]);
        }

        var great = $"({Select(["(lsn >> 5) < 0", .. bound < 0 ? [Below(bound)] : Array.Empty<string>()])})";
        var small = $"({Select(["(lsn >> 5) >= 0", .. bound > 0 ? [Below(bound)] : Array.Empty<string>()])})";
        return bound > 0 ? small : string.Create(CultureInfo.InvariantCulture, $"{great} UNION ALL {small} LIMIT {limit}");

        string Select(string[] more)
        {
            string[] all = [.. conditions, .. more];
            return string.Create(CultureInfo.InvariantCulture, $"SELECT {columns} FROM {view}{(all.Length == 0 ? "" : " WHERE " + string.Join(" AND ", all))} {NewestFirst} LIMIT {limit}");
        }

        static string Below(long bound) => string.Create(CultureInfo.InvariantCulture, $"(lsn >> 5) <= {bound >> 5} AND lsn < {bound}");
    }

    private static List<string> Conditions(TransactionQuery query, Dictionary<Pubkey, int>? ids)
    {
        var conditions = new List<string>();
        if (Kind(query.Kind) is { } kind)
        {
            conditions.Add(kind);
        }

        if (query.Venue is { } venue)
        {
            conditions.Add($"venue = {(int)venue}");
        }

        if (query.Slot is { } slot)
        {
            conditions.Add(string.Create(CultureInfo.InvariantCulture, $"slot = '{(long)slot}'::int8"));
        }

        if (query.MinimumScore is { } score)
        {
            // A finite double may be beyond every float.
            if (!float.IsFinite((float)score))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(query), score, $"{nameof(TransactionQuery.MinimumScore)} must be a finite single-precision number, as scores are; scores lie between 0 and 1.");
            }

            // A score is single precision: compared as such, so that the threshold that a model states is reached by the score that equals it.
            conditions.Add($"score >= '{((float)score).ToString("R", CultureInfo.InvariantCulture)}'::float4");
        }

        if (ids is not null)
        {
            AddKeys(conditions, query, ids);
        }

        return conditions;
    }

    private static void AddKeys(List<string> conditions, TransactionQuery query, Dictionary<Pubkey, int> ids)
    {
        if (query.Payer is { } payer)
        {
            conditions.Add($"payer_id = {Id(payer)}");
        }

        if (((query.Mint ?? query.OtherMint), (query.OtherMint ?? query.Mint)) is not ({ } one, { } other))
        {
            return;
        }

        conditions.Add(query.Mint is null || query.OtherMint is null
            ? $"(mint_in_id = {Id(one)} OR mint_out_id = {Id(one)})"
            : $"((mint_in_id = {Id(one)} AND mint_out_id = {Id(other)}) OR (mint_in_id = {Id(other)} AND mint_out_id = {Id(one)}))");

        string Id(Pubkey key) => ids[key].ToString(CultureInfo.InvariantCulture);
    }

    private static string? Kind(TransactionKind kind) => kind switch
    {
        TransactionKind.Any => null,
        TransactionKind.Swap => "swap_count > 0",
        TransactionKind.Failed => $"(flags & {Failed}) <> 0",
        TransactionKind.Vote => $"(flags & {Vote}) <> 0",
        TransactionKind.Tipped => "tip_lamports <> 0", // as an unsigned number, greater
        TransactionKind.Other => $"swap_count = 0 AND (flags & {Failed | Vote}) = 0",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind of transaction."),
    };
}
