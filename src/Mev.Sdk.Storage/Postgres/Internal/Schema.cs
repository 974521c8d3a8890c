using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Postgres;

/// <summary>The tables, in steps: each version of the tables is made of the one before it, and none is ever changed back.</summary>
/// <remarks>
/// What does not hold rows (functions and views) is made anew whenever the version or the catalogue is another one, and columns that a later catalogue has are added to the tables
/// then. Steps are never edited, only added.
/// </remarks>
internal static class Schema
{
    /// <summary>Slots of a partition: a day of 400 ms each.</summary>
    public const ulong SlotsOfDay = 216_000;

    /// <summary>The version that this SDK reads and writes.</summary>
    public static int Version => Steps.Count;

    /// <summary>Step n makes version n + 1.</summary>
    public static IReadOnlyList<string> Steps { get; } = [CreateTables(), CreateSecondMintIndex, ShortenTails];

    // Swaps by what was got, as the first index has them by what was given.
    private const string CreateSecondMintIndex = "CREATE INDEX transactions_mint_out ON transactions_rows (mint_out_id) WHERE mint_out_id IS NOT NULL;";

    // Plain values have a length of four bytes and are aligned; these have one of one byte. They are never long enough to be laid elsewhere. Rows that are there stay as they are.
    private const string ShortenTails = """
        ALTER TABLE transactions_rows ALTER signature_tail SET STORAGE EXTERNAL;
        ALTER TABLE mev_opportunities_rows ALTER signature_tail SET STORAGE EXTERNAL;
        ALTER TABLE keys ALTER key SET STORAGE EXTERNAL;
        """;

    /// <summary>Makes the place where the version is written down.</summary>
    public const string CreateVersion = """
        CREATE TABLE IF NOT EXISTS schema_version (version int4 NOT NULL, catalogue text NOT NULL, changed timestamp NOT NULL);
        INSERT INTO schema_version SELECT 0, '', now() AT TIME ZONE 'UTC' WHERE NOT EXISTS (SELECT 1 FROM schema_version);
        """;

    /// <summary>What is made anew with another version or catalogue.</summary>
    public static string CreateViews() => DropViews() + Functions + string.Join('\n', TableLayout.All.Select(static l => l.CreateView()));

    public static string DropViews() => string.Concat(HistoryTables.All.Select(static t => $"DROP VIEW IF EXISTS {t.Name};\n"));

    /// <summary>Columns that the catalogue has and the table may not have yet. A table that has rows cannot say what they would have had, so none of them refuses null.</summary>
    public static string AddColumns() => string.Join('\n', TableLayout.All.SelectMany(static l => l.TableColumns()
        .Select(c => $"ALTER TABLE {l.Rows} ADD COLUMN IF NOT EXISTS {c.Name} {c.Type};")
        .Concat(l.GeneratedColumns().Select(c => $"ALTER TABLE {l.Rows} ADD COLUMN IF NOT EXISTS {c};"))));

    /// <summary>Changes when the catalogue, the layout or a view does.</summary>
    public static string Catalogue { get; } = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(AddColumns() + CreateViews())));

    /// <summary>Functions that tables need before they are made, and views besides.</summary>
    public const string Functions = """
        CREATE OR REPLACE FUNCTION jsonb_or_null(value text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $f$
        BEGIN
            RETURN value::jsonb;
        EXCEPTION WHEN OTHERS THEN
            RETURN NULL;
        END $f$;
        CREATE OR REPLACE FUNCTION fold_stages(stage int4, key int8, keys int8[], stages int2[]) RETURNS int4 LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $f$
        BEGIN
            FOR i IN 1 .. coalesce(cardinality(keys), 0) LOOP
                IF keys[i] >= key AND stage <> 4 AND (stages[i] > stage OR stage >= 5) THEN
                    stage := stages[i];
                END IF;
            END LOOP;
            RETURN stage;
        END $f$;

        """;

    /// <summary>For the session of the projector: the temporary tables that rows are merged from, emptied by every commit.</summary>
    public static string CreateStaging() => string.Join('\n',
    [
        $"CREATE TEMP TABLE staged_transactions ({Define(TableLayout.Transactions, generated: false)}) ON COMMIT DELETE ROWS;",
        $"CREATE TEMP TABLE staged_opportunities ({Define(TableLayout.Opportunities, generated: false)}) ON COMMIT DELETE ROWS;",
        .. new[] { MergeTables.SlotStages, MergeTables.Scores, MergeTables.Outcomes }.Select(static t => $"CREATE TEMP TABLE {t.Name} ({Define(TableLayout.Staging(t), generated: false)}) ON COMMIT DELETE ROWS;"),
        "ALTER TABLE staged_scores ADD COLUMN first_lsn int8;",
    ]);

    private static string CreateTables() => Functions + string.Join('\n',
    [
        """
        CREATE TABLE projector_checkpoint (
            id int4 PRIMARY KEY DEFAULT 1 CHECK (id = 1), lsn int8 NOT NULL, transactions int8 NOT NULL, opportunities int8 NOT NULL, observed_opportunities int8 NOT NULL, updated_at timestamp);
        INSERT INTO projector_checkpoint VALUES (1, 0, 0, 0, 0, NULL);
        CREATE TABLE keys (id int4 PRIMARY KEY, key bytea NOT NULL);
        ALTER TABLE keys ALTER key SET STORAGE PLAIN;
        CREATE INDEX keys_key ON keys USING hash (key);
        CREATE TABLE words (id int4 PRIMARY KEY, word text NOT NULL UNIQUE);
        CREATE TABLE batches (last_key int8 PRIMARY KEY, stored_at timestamp NOT NULL);
        CREATE TABLE slot_stages (
            slot int8 PRIMARY KEY, first_key int8 NOT NULL, last_key int8 NOT NULL, stage int2 NOT NULL, ended bool NOT NULL, keys int8[] NOT NULL, stages int2[] NOT NULL) WITH (fillfactor = 70);
        CREATE TABLE transaction_repeats (lsn int8 NOT NULL, first_lsn int8 NOT NULL);
        CREATE INDEX transaction_repeats_lsn ON transaction_repeats (lsn);
        """,
        .. TableLayout.All.Select(CreateTable),
        """
        CREATE INDEX transactions_signature ON transactions_rows (signature_prefix);
        CREATE INDEX transactions_slot ON transactions_rows USING brin (slot) WITH (pages_per_range = 16, autosummarize = on);
        CREATE INDEX transactions_payer ON transactions_rows (payer_id);
        CREATE INDEX transactions_mints ON transactions_rows (mint_in_id, mint_out_id) WHERE mint_in_id IS NOT NULL;
        CREATE INDEX transactions_venue ON transactions_rows (venue) WHERE venue IS NOT NULL;
        CREATE INDEX transactions_score ON transactions_rows (score) WHERE score IS NOT NULL;
        CREATE INDEX mev_opportunities_signature ON mev_opportunities_rows (signature_prefix) WHERE signature_prefix IS NOT NULL;
        CREATE INDEX mev_opportunities_id ON mev_opportunities_rows (opportunity_id, session_id);
        CREATE INDEX mev_opportunities_open ON mev_opportunities_rows (slot) WHERE transaction_lsn IS NULL AND signature_prefix IS NOT NULL;
        """,
    ]);

    // An index of the LSN's upper bits: 32 rows share an entry, which takes a third of the bytes, and ORDER BY (lsn >> 5), lsn sorts 32 rows at a time.
    private static string CreateTable(TableLayout layout)
    {
        var range = layout.Table.RangeColumn!.Name;
        var order = layout == TableLayout.Transactions ? "" : $"CREATE INDEX {layout.Table.Name}_range ON {layout.Rows} ({range});";
        var storage = layout.Columns.Any(static c => c.Name == "signature_tail") ? $"ALTER TABLE {layout.Rows} ALTER signature_tail SET STORAGE PLAIN;" : "";
        return $"""
            CREATE TABLE {layout.Rows} ({Define(layout, generated: true)}) PARTITION BY RANGE ({range});
            {storage}
            CREATE INDEX {layout.Table.Name}_lsn ON {layout.Rows} ((lsn >> 5));
            {order}
            CREATE TABLE {Partitions.Rest(layout)} PARTITION OF {layout.Rows} DEFAULT;
            """;
    }

    private static string Define(TableLayout layout, bool generated) => string.Join(", ",
    [
        .. layout.TableColumns().Select(static c => $"{c.Name} {c.Type}{(c.IsNotNull ? " NOT NULL" : "")}"),
        .. generated ? layout.GeneratedColumns() : [],
    ]);
}
