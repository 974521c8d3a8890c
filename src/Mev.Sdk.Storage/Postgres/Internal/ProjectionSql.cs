using System.Globalization;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Postgres;

/// <summary>The statements of a projection; each is bounded by slots or LSNs, so that it looks at few partitions.</summary>
internal static class ProjectionSql
{
    // Flags and stages as they are on disk: SightingStage, TransactionFlags and OpportunityFlags are stable.
    private const int HasMeta = (int)TransactionFlags.HasMeta;
    private const int Finalized = (int)SightingStage.Finalized;
    private const int FirstEnding = (int)SightingStage.Dropped;
    private const int Observed = (int)OpportunityFlags.Observed;
    private const int Executed = (int)OpportunityFlags.Executed;
    private const int Succeeded = (int)OpportunityFlags.Succeeded;
    private const int MaxStages = 32;
    private const string Unsigned = TableLayout.Unsigned;

    // Numeric, since slots that somebody made up may be further apart than a number of 64 bits says.
    private const string Near = "abs(t.slot::numeric - s.slot) <= 512";
    private const string SameTransaction = $"t.signature_prefix = s.signature_prefix AND t.signature_tail = s.signature_tail AND {Near}";

    private static readonly string[] MetaColumns =
    [
        "flags", "fee_lamports", "tip_lamports", "compute_units_consumed", "error_code", "error_custom_code", "swap_count",
        "venue", "pool", "mint_in", "mint_out", "amount_in", "amount_out", "decimals_in", "decimals_out",
    ];

    private static readonly string SetMeta = string.Join(", ", Physical(MetaColumns).Select(static c => $"{c} = s.{c}"));

    private static readonly string SetIndex = string.Join(", ", Physical(["index_in_block"]).Select(static c => $"{c} = s.{c}"));

    // The stage of a stored row with what earlier slot records made of it.
    private static readonly string StageNow = $"coalesce((SELECT {TableLayout.Stage("t", "x")} FROM slot_stages x WHERE x.slot = t.slot), t.stage::int4 & 255)";

    private static readonly string OpportunityColumns = TableLayout.Opportunities.ColumnList;

    private static readonly string StagedOpportunityColumns = string.Join(", ", TableLayout.Opportunities.Columns.Select(static c => c.Name == "transaction_lsn" ? "t.lsn" : "s." + c.Name));

    /// <summary>How the session of the projector plans: every join is from few rows into an index, whatever the statistics of new partitions say.</summary>
    public const string Session = """
        SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_material = off; SET random_page_cost = 1.1; SET jit = off; SET max_parallel_workers_per_gather = 0; SET plan_cache_mode = force_custom_plan; SET client_min_messages = warning;
        """;

    /// <summary>Which of some signatures the table has: $1 are their first 8 bytes. OFFSET 0 keeps the planner from turning the join round, which would go over all of $1 for every row.</summary>
    public static string FindKnown(SlotSpan slots) => $"""
        SELECT u.i::int4, t.signature_tail, t.slot FROM unnest($1) WITH ORDINALITY u(prefix, i)
        CROSS JOIN LATERAL (SELECT r.signature_tail, r.slot FROM transactions_rows r WHERE r.signature_prefix = u.prefix AND {Within("r", slots)} OFFSET 0) t
        """;

    /// <summary>What a later sighting brings: its meta, its ending, its block.</summary>
    public static string UpgradeTransactions(SlotSpan slots)
    {
        var same = $"{Within("t", slots)} AND {SameTransaction} AND (s.lsn {Unsigned}) > (t.lsn {Unsigned})";
        var latest = $"""
            (SELECT DISTINCT ON (signature_prefix, signature_tail) *, stage::int4 & 255 AS st FROM staged_transactions
            ORDER BY signature_prefix, signature_tail, (stage::int4 = {Finalized}) DESC, (lsn {Unsigned}) DESC) s
            """;
        var overtakes = $"{StageNow} <> {Finalized} AND (s.st > {StageNow} OR {StageNow} >= {FirstEnding}) AND s.st <> {StageNow}";
        return $"""
            UPDATE transactions_rows t SET raw_lsn = coalesce(s.raw_lsn, s.lsn), {SetMeta}
            FROM (SELECT DISTINCT ON (signature_prefix, signature_tail) * FROM staged_transactions WHERE ({Flags("staged_transactions")} & {HasMeta}) <> 0
                ORDER BY signature_prefix, signature_tail, (lsn {Unsigned})) s
            WHERE {same} AND ({Flags("t")} & {HasMeta}) = 0;
            UPDATE transactions_rows t SET stage = s.stage, stage_lsn = s.lsn FROM {latest} WHERE {same} AND s.st >= {FirstEnding} AND {overtakes};
            UPDATE transactions_rows t SET stage = s.stage, stage_lsn = s.lsn, slot = s.slot, {SetIndex},
                block_time_s = CASE WHEN s.block_time_s IS NULL AND s.block_time_far IS NULL THEN t.block_time_s ELSE s.block_time_s END,
                block_time_far = CASE WHEN s.block_time_s IS NULL AND s.block_time_far IS NULL THEN t.block_time_far ELSE s.block_time_far END
            FROM {latest} WHERE {same} AND s.st < {FirstEnding} AND {overtakes};
            """;
    }

    /// <summary>Notes which row a repeated sighting belongs to: predictions name the sighting that was scored.</summary>
    public static string NoteRepeats(SlotSpan slots) => $"""
        INSERT INTO transaction_repeats SELECT s.lsn, t.lsn FROM staged_transactions s JOIN transactions_rows t ON {SameTransaction}
        WHERE {Within("t", slots)} AND (s.lsn {Unsigned}) > (t.lsn {Unsigned})
        """;

    public static string ForgetRepeats(ulong before) => $"DELETE FROM transaction_repeats WHERE (lsn {Unsigned}) < {Key(before)}";

    /// <summary>An engine may see an opportunity before the transaction that opens it is stored.</summary>
    public static string ResolveOpportunities(SlotSpan slots, Lsn firstNew) => $"""
        UPDATE mev_opportunities_rows s SET transaction_lsn = t.lsn FROM transactions_rows t
        WHERE {Within("s", slots)} AND s.transaction_lsn IS NULL AND s.signature_prefix IS NOT NULL AND {Within("t", slots)} AND {SameTransaction} AND (t.lsn {Unsigned}) >= {Key(firstNew.Value)}
        """;

    /// <summary>Notes what slot records say, under the checkpoint that they come with: it holds for the rows that are there, and for none that comes later.</summary>
    public static string AdvanceSlots(Lsn checkpoint)
    {
        var key = Key(checkpoint.Value);
        const string Replaces = "x.stages[cardinality(x.stages)] = excluded.stages[1]";
        var shortened = $"{Replaces} OR cardinality(x.stages) >= {MaxStages}";
        return $"""
            INSERT INTO slot_stages AS x SELECT s.slot, {key}, {key}, s.stage, s.stage >= {FirstEnding}, ARRAY[{key}]::int8[], ARRAY[s.stage] FROM staged_slots s
            ON CONFLICT (slot) DO UPDATE SET
                first_key = CASE WHEN cardinality(x.keys) = 1 AND {Replaces} THEN excluded.first_key ELSE x.first_key END,
                last_key = excluded.last_key,
                stage = CASE WHEN x.stage <> {Finalized} AND (excluded.stage > x.stage OR x.stage >= {FirstEnding}) THEN excluded.stage ELSE x.stage END,
                ended = x.ended OR excluded.ended,
                keys = CASE WHEN {shortened} THEN x.keys[1:cardinality(x.keys) - 1] ELSE x.keys END || excluded.keys,
                stages = CASE WHEN {shortened} THEN x.stages[1:cardinality(x.stages) - 1] ELSE x.stages END || excluded.stages
            """;
    }

    /// <summary>Leads scores of repeats to the first sighting. What was staged with a row that turned out to be a repeat is in no row.</summary>
    public const string ResolveScores = """
        UPDATE staged_scores SET first_lsn = lsn;
        UPDATE staged_scores s SET first_lsn = r.first_lsn, in_row = false FROM transaction_repeats r WHERE r.lsn = s.lsn;
        """;

    /// <summary>How many rows have a score coming.</summary>
    public const string CountScored = "SELECT count(*)::int4 FROM (SELECT DISTINCT ON (first_lsn) in_row FROM staged_scores ORDER BY first_lsn, ordinal DESC) s WHERE NOT s.in_row";

    /// <summary>The latest score of a transaction wins, whichever of its sightings it is about.</summary>
    /// <param name="partition">One partition of the transactions.</param>
    public static string SetScores(string partition) => $"""
        UPDATE {partition} t SET score = s.score, model_version_id = w.id
        FROM (SELECT DISTINCT ON (first_lsn) * FROM staged_scores ORDER BY first_lsn, ordinal DESC) s JOIN words w ON w.word = s.model_version
        WHERE (t.lsn >> 5) = (s.first_lsn >> 5) AND t.lsn = s.first_lsn AND NOT s.in_row
        """;

    /// <summary>What an inspector observed on chain is the same however often it is replayed; what an engine saw is its own.</summary>
    public static string InsertOpportunities(SlotSpan slots) => $"""
        INSERT INTO mev_opportunities_rows ({OpportunityColumns}) SELECT {StagedOpportunityColumns} FROM staged_opportunities s
        LEFT JOIN LATERAL (SELECT t.lsn FROM transactions_rows t WHERE {SameTransaction} AND {Within("t", slots)} LIMIT 1) t ON true
        WHERE (s.flags & {Observed}) = 0 OR s.signature_prefix IS NULL OR NOT EXISTS (
            SELECT 1 FROM mev_opportunities_rows o WHERE o.signature_prefix = s.signature_prefix AND o.signature_tail = s.signature_tail AND {Within("o", slots)} AND abs(o.slot::numeric - s.slot) <= 512 AND (o.flags & {Observed}) <> 0
                AND o.type = s.type AND o.strategy = s.strategy AND o.pool_id IS NOT DISTINCT FROM s.pool_id AND o.expected_profit_lamports = s.expected_profit_lamports)
        """;

    public static readonly string SetOutcomes = $"""
        UPDATE mev_opportunities_rows o SET outcome = s.outcome, success = s.success, executed = coalesce(s.executed, o.executed),
            profit_lamports = CASE WHEN s.landed THEN s.profit_lamports ELSE o.profit_lamports END,
            cost_lamports = CASE WHEN s.landed THEN s.cost_lamports ELSE o.cost_lamports END,
            actual_cost_lamports = CASE WHEN s.landed THEN s.cost_lamports ELSE o.actual_cost_lamports END,
            flags = o.flags | (CASE WHEN s.landed THEN {Executed} ELSE 0 END) | (CASE WHEN s.success THEN {Succeeded} ELSE 0 END)
        FROM staged_outcomes s WHERE o.opportunity_id = s.opportunity_id AND o.session_id = s.session_id AND o.source_id = s.source_id
        """;

    public static string NoteBatch(Lsn checkpoint, long unixMicroseconds) => string.Create(
        CultureInfo.InvariantCulture, $"INSERT INTO batches VALUES ({Key(checkpoint.Value)}, timestamp '1970-01-01' + {unixMicroseconds} * interval '1 microsecond')");

    /// <summary>Only over the checkpoint that this projector knows: another one's rows are not written over.</summary>
    public static string SetCheckpoint(Lsn from, Lsn to, long transactions, long opportunities, long observed) => string.Create(CultureInfo.InvariantCulture, $"""
        UPDATE projector_checkpoint SET lsn = {(long)to.Value}, transactions = transactions + {transactions}, opportunities = opportunities + {opportunities},
            observed_opportunities = observed_opportunities + {observed}, updated_at = now() AT TIME ZONE 'UTC' WHERE lsn = {(long)from.Value}
        """);

    /// <summary>Stages of slots whose rows are gone.</summary>
    public static string ForgetStagesBefore(long slot) => string.Create(CultureInfo.InvariantCulture, $"DELETE FROM slot_stages WHERE slot >= 0 AND slot < {slot}");

    /// <summary>Times of batches whose rows are gone.</summary>
    public const string ForgetBatches = $"DELETE FROM batches WHERE last_key < (SELECT (min(lsn >> 5) << 5) {Unsigned} FROM transactions_rows)";

    /// <summary>A condition on unsigned slots that uses partitions and indexes of the signed ones.</summary>
    public static string Within(string row, SlotSpan slots) => Between(row + ".slot", slots);

    /// <summary>As <see cref="Within"/>, of a column by its name.</summary>
    public static string Between(string column, SlotSpan slots)
    {
        var (first, last) = ((long)slots.First, (long)slots.Last);
        return (first < 0) == (last < 0)
            ? string.Create(CultureInfo.InvariantCulture, $"{column} BETWEEN {first} AND {last}")
            : string.Create(CultureInfo.InvariantCulture, $"({column} >= {first} OR {column} <= {last})");
    }

    /// <summary>A number whose signed order is the LSN's.</summary>
    private static string Key(ulong lsn) => string.Create(CultureInfo.InvariantCulture, $"'{(long)(lsn ^ (1UL << 63))}'::int8");

    private static string Flags(string row) => TableLayout.Transactions.Expression(row, HistoryTables.Transactions["flags"]);

    // The columns that some of the catalogue's columns are kept in.
    private static IEnumerable<string> Physical(IEnumerable<string> names) => names.SelectMany(static name =>
        TableLayout.Transactions.Columns.Select(static c => c.Name).Where(c => c == name || c == name + "_id" || c == name + "_2" || c == name + "_4" || c == name + "_far"));
}
