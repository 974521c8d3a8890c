using Mev.Sdk.Records;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.DuckDb;

/// <summary>The statements of a projection; every one is bounded by slots or LSNs, so that a scan skips all older row groups.</summary>
internal static class ProjectionSql
{
    // Flags and stages as they are on disk: SightingStage and TransactionFlags are stable.
    private const int HasMeta = (int)TransactionFlags.HasMeta;
    private const int Finalized = (int)SightingStage.Finalized;
    private const int FirstEnding = (int)SightingStage.Dropped;
    private const int Pending = (int)SightingStage.Pending;
    private const int Observed = (int)OpportunityFlags.Observed;
    private const int Executed = (int)OpportunityFlags.Executed;
    private const int Succeeded = (int)OpportunityFlags.Succeeded;

    private const string SameSignature = "t.signature_prefix = s.signature_prefix AND t.signature = s.signature";

    // The span of slots bounds the scan; that these two are near one another makes it the same however the log was divided. Nothing here can overflow.
    private static readonly string SameTransaction = $"{SameSignature} AND greatest(t.slot, s.slot) - least(t.slot, s.slot) <= {SlotSpan.Margin}";

    /// <summary>A stage is overtaken by a later one; an ending by being seen again; a finalized one by nothing.</summary>
    private static readonly string Overtakes = $"t.stage <> {Finalized} AND (s.stage > t.stage OR t.stage >= {FirstEnding}) AND s.stage <> t.stage";

    private static readonly string TransactionNames = TableSql.Names(HistoryTables.Transactions);
    private static readonly string OpportunityNames = TableSql.Names(HistoryTables.MevOpportunities);

    private static readonly string StagedOpportunityNames =
        string.Join(", ", OpportunityNames.Split(", ").Select(static n => n == "transaction_lsn" ? "t.lsn" : "s." + n));

    /// <summary>Rows that a sighting of these slots may repeat and that the filter may have forgotten, or never seen.</summary>
    public static string RowsBefore(Lsn filtered, SlotSpan slots) => $"SELECT 1 FROM transactions WHERE slot BETWEEN {Slots(slots)} AND lsn < {filtered.Value} LIMIT 1";

    /// <summary>Inserts what is in none of these rows.</summary>
    public static string InsertTransactions(Lsn filtered, SlotSpan slots) => $"""
        INSERT INTO transactions ({TransactionNames}) SELECT {TransactionNames} FROM staged_transactions s
        WHERE NOT EXISTS (SELECT 1 FROM transactions t WHERE t.slot BETWEEN {Slots(slots)} AND t.lsn < {filtered.Value} AND {SameTransaction})
        """;

    /// <summary>What a later sighting brings: its block, its meta, its ending.</summary>
    public static IEnumerable<string> UpgradeTransactions(string staged, SlotSpan slots)
    {
        // One row a signature on the right side too: an update with several matches would take any of them.
        var same = $"t.slot BETWEEN {Slots(slots)} AND {SameTransaction} AND s.lsn > t.lsn";
        var latest = $"(SELECT * FROM {staged} QUALIFY row_number() OVER (PARTITION BY signature ORDER BY (stage = {Finalized}) DESC, lsn DESC) = 1) s";
        yield return $"""
            UPDATE transactions t SET raw_lsn = s.raw_lsn, flags = s.flags, fee_lamports = s.fee_lamports, tip_lamports = s.tip_lamports,
                compute_units_consumed = s.compute_units_consumed, error_code = s.error_code, error_custom_code = s.error_custom_code,
                swap_count = s.swap_count, venue = s.venue, pool = s.pool, mint_in = s.mint_in, mint_out = s.mint_out, amount_in = s.amount_in,
                amount_out = s.amount_out, decimals_in = s.decimals_in, decimals_out = s.decimals_out
            FROM (SELECT * FROM {staged} WHERE (flags & {HasMeta}) <> 0 QUALIFY row_number() OVER (PARTITION BY signature ORDER BY lsn) = 1) s
            WHERE {same} AND (t.flags & {HasMeta}) = 0
            """;
        yield return $"UPDATE transactions t SET stage = s.stage FROM {latest} WHERE {same} AND s.stage >= {FirstEnding} AND {Overtakes}";
        yield return $"""
            UPDATE transactions t SET stage = s.stage, slot = s.slot, block_time = coalesce(s.block_time, t.block_time), index_in_block = s.index_in_block
            FROM {latest} WHERE {same} AND s.stage < {FirstEnding} AND {Overtakes}
            """;
    }

    /// <summary>A pending transaction is in no block yet, so its slot's progress is not its own.</summary>
    public static string AdvanceSlots(Lsn before, SlotSpan slots) => $"""
        UPDATE transactions t SET stage = s.stage FROM staged_slots s
        WHERE t.slot BETWEEN {Slots(slots)} AND t.lsn < {before.Value} AND t.slot = s.slot AND t.stage <> {Pending} AND {Overtakes}
        """;

    /// <summary>Notes which row a repeated sighting belongs to: predictions name the sighting that was scored.</summary>
    public static string NoteRepeats(string staged, SlotSpan slots) => $"""
        INSERT INTO transaction_repeats SELECT s.lsn, t.lsn FROM {staged} s
        JOIN (SELECT lsn, slot, signature_prefix, signature FROM transactions WHERE slot BETWEEN {Slots(slots)}) t ON {SameTransaction} AND s.lsn > t.lsn
        """;

    public static string ForgetRepeats(ulong before) => $"DELETE FROM transaction_repeats WHERE lsn < {before}";

    /// <summary>Leads scores of repeats to the first sighting. What was staged with a row that turned out to be a repeat is in no row.</summary>
    public static string ResolveScores(Lsn first, Lsn last) => $"""
        INSERT INTO resolved_scores SELECT s.lsn, coalesce(r.first_lsn, s.lsn), s.score, s.model_version, s.ordinal, s.in_row AND r.lsn IS NULL FROM staged_scores s
        LEFT JOIN (SELECT lsn, min(first_lsn) AS first_lsn FROM transaction_repeats WHERE lsn BETWEEN {first.Value} AND {last.Value} GROUP BY lsn) r ON r.lsn = s.lsn
        """;

    public const string GetScoredRows = "SELECT min(first_lsn), max(first_lsn) FROM resolved_scores WHERE NOT in_row";

    /// <summary>The latest score of a transaction wins, whichever of its sightings it is about.</summary>
    public static string SetScores(ulong first, ulong last) => $"""
        UPDATE transactions t SET score = s.score, model_version = s.model_version
        FROM (SELECT * FROM resolved_scores QUALIFY row_number() OVER (PARTITION BY first_lsn ORDER BY ordinal DESC) = 1) s
        WHERE t.lsn BETWEEN {first} AND {last} AND t.lsn = s.first_lsn AND NOT s.in_row
        """;

    /// <summary>What an inspector observed on chain is the same however often it is replayed; what an engine saw is its own.</summary>
    public static string InsertOpportunities(SlotSpan slots) => $"""
        INSERT INTO mev_opportunities ({OpportunityNames}) SELECT {StagedOpportunityNames} FROM staged_opportunities s
        LEFT JOIN (SELECT lsn, slot, signature_prefix, signature FROM transactions WHERE slot BETWEEN {Slots(slots)}) t ON {SameTransaction}
        WHERE (s.flags & {Observed}) = 0 OR s.signature IS NULL OR NOT EXISTS (
            SELECT 1 FROM mev_opportunities o WHERE o.slot BETWEEN {Slots(slots)} AND (o.flags & {Observed}) <> 0 AND o.signature_prefix = s.signature_prefix
                AND o.signature = s.signature AND o.type = s.type AND o.strategy = s.strategy AND o.pool IS NOT DISTINCT FROM s.pool
                AND o.expected_profit_lamports = s.expected_profit_lamports)
        """;

    /// <summary>Opportunities that wait for their transactions.</summary>
    public static string UnresolvedOpportunities(SlotSpan slots) =>
        $"SELECT 1 FROM mev_opportunities WHERE slot BETWEEN {Slots(slots)} AND transaction_lsn IS NULL AND signature IS NOT NULL LIMIT 1";

    /// <summary>An engine may see an opportunity before the transaction that opens it is stored.</summary>
    public static string ResolveOpportunities(SlotSpan slots, Lsn firstNew) => $"""
        UPDATE mev_opportunities t SET transaction_lsn = s.lsn
        FROM (SELECT lsn, slot, signature_prefix, signature FROM transactions WHERE lsn >= {firstNew.Value}) s
        WHERE t.slot BETWEEN {Slots(slots)} AND t.transaction_lsn IS NULL AND t.signature IS NOT NULL AND {SameTransaction}
        """;

    public static readonly string SetOutcomes = $"""
        UPDATE mev_opportunities o SET outcome = s.outcome, success = s.success, executed = coalesce(s.executed, o.executed),
            profit_lamports = CASE WHEN s.landed THEN s.profit_lamports ELSE o.profit_lamports END,
            cost_lamports = CASE WHEN s.landed THEN s.cost_lamports ELSE o.cost_lamports END,
            actual_cost_lamports = CASE WHEN s.landed THEN s.cost_lamports ELSE o.actual_cost_lamports END,
            flags = o.flags | (CASE WHEN s.landed THEN {Executed} ELSE 0 END)::UINTEGER | (CASE WHEN s.success THEN {Succeeded} ELSE 0 END)::UINTEGER
        FROM staged_outcomes s WHERE o.opportunity_id = s.opportunity_id AND o.session_id = s.session_id AND o.source_id = s.source_id
        """;

    public static string SetCheckpoint(Lsn checkpoint, long transactions, long opportunities, long observed) => $"""
        UPDATE projector_checkpoint SET lsn = {checkpoint.Value}, transactions = transactions + {transactions},
            opportunities = opportunities + {opportunities}, observed_opportunities = observed_opportunities + {observed}, updated_at = now()::TIMESTAMP
        """;

    private static string Slots(SlotSpan slots) => FormattableString.Invariant($"{slots.First}::UBIGINT AND {slots.Last}::UBIGINT");
}
