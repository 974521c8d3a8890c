using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Postgres;

/// <summary>A table of the catalogue as PostgreSQL keeps it: columns of <c>NAME_rows</c>, and the view that makes them the catalogue's again.</summary>
/// <remarks>Immutable. See docs/postgres.md.</remarks>
internal sealed class TableLayout
{
    /// <summary>Flips the sign, so that the signed order of the result is the unsigned order of the bits.</summary>
    public const string Unsigned = "# '-9223372036854775808'::int8";

    private const string Epoch = "timestamp '2000-01-01'";

    private TableLayout(HistoryTable table, Func<HistoryColumn, (ColumnForm Form, int Bytes)> form)
    {
        Table = table;
        Rows = table.Name + "_rows";
        Forms = [.. table.Columns.Select(form)];
        Columns = [.. table.Columns.SelectMany(c => Split(c, Forms[c.Ordinal]))];
        HasStages = Forms.Any(static f => f.Form == ColumnForm.Stage);
    }

    public static IReadOnlyList<TableLayout> All { get; } = [.. HistoryTables.All.Select(static t => new TableLayout(t, FormsOf(t)))];

    public static TableLayout Transactions { get; } = Of(HistoryTables.Transactions);

    public static TableLayout Opportunities { get; } = Of(HistoryTables.MevOpportunities);

    /// <summary>What is staged for a merge, plainly.</summary>
    public static TableLayout Staging(HistoryTable table) => new(table, static _ => (ColumnForm.Plain, 0));

    public static TableLayout Of(HistoryTable table) => All.First(l => l.Table == table);

    public HistoryTable Table { get; }

    /// <summary>Name of the table that the rows are in.</summary>
    public string Rows { get; }

    /// <summary>How each of the catalogue's columns is kept.</summary>
    public IReadOnlyList<(ColumnForm Form, int Bytes)> Forms { get; }

    /// <summary>What COPY is told and given, in the order of the catalogue's columns.</summary>
    public IReadOnlyList<PhysicalColumn> Columns { get; }

    /// <summary>Whether slot records advance its rows; then a row has <c>stage_lsn</c> besides, null where it is the row's LSN.</summary>
    public bool HasStages { get; }

    public string ColumnList => string.Join(", ", Columns.Select(static c => c.Name));

    /// <summary>The column as the catalogue has it, of a row called <paramref name="row"/>; joins of <see cref="Joins"/> must be there for keys, words and stages.</summary>
    public string Expression(string row, HistoryColumn column)
    {
        var (form, bytes) = Forms[column.Ordinal];
        var name = $"{row}.{column.Name}";
        return form switch
        {
            ColumnForm.Plain => name,
            ColumnForm.Narrow when column.IsNullable => $"coalesce({name}_{bytes}::{TypeOf(column.Type)}, {name}_far)",
            ColumnForm.Narrow => $"coalesce({name}_{bytes}::{TypeOf(column.Type)}, {name}_far, 0::{TypeOf(column.Type)})",
            ColumnForm.Byte => $"({name}::int4 & 255)::int2",
            ColumnForm.Seconds => $"coalesce({Epoch} + {name}_s * interval '1 second', {name}_far)",
            ColumnForm.Halves => $"(int8send({name}_prefix) || {name}_tail)",
            ColumnForm.KeyId => $"k_{column.Name}.key",
            ColumnForm.WordId => $"w_{column.Name}.word",
            ColumnForm.OwnLsn => $"coalesce({name}, {row}.lsn)",
            ColumnForm.BatchTime => $"(SELECT b.stored_at FROM batches b WHERE b.last_key >= ({row}.lsn {Unsigned}) ORDER BY b.last_key LIMIT 1)",
            ColumnForm.Stage => Stage(row, "ss"),
            _ => throw new InvalidOperationException($"There is no form {form}."),
        };
    }

    /// <summary>The joins that <see cref="Expression"/> wants; PostgreSQL leaves out those whose columns nobody asks for.</summary>
    public string Joins(string row) => string.Concat(Table.Columns.Select(c => Forms[c.Ordinal].Form switch
    {
        ColumnForm.KeyId => $" LEFT JOIN keys k_{c.Name} ON k_{c.Name}.id = {row}.{c.Name}_id",
        ColumnForm.WordId => $" LEFT JOIN words w_{c.Name} ON w_{c.Name}.id = {row}.{c.Name}_id",
        ColumnForm.Stage => $" LEFT JOIN slot_stages ss ON ss.slot = {row}.slot",
        _ => "",
    }));

    /// <summary>The view of the catalogue's name: its columns, and behind them those of ours that look-ups can use an index of.</summary>
    public string CreateView()
    {
        var columns = Table.Columns.Select(c => $"{Expression("r", c)} AS {c.Name}");
        var ours = Columns.Where(c => !Table.TryGetColumn(c.Name, out _) && (c.Name.EndsWith("_id", StringComparison.Ordinal) || c.Name.EndsWith("_prefix", StringComparison.Ordinal)))
            .Select(static c => $"r.{c.Name}");
        var jsons = Table.Columns.Where(static c => c.Type == ColumnType.Json).Select(static c => $"r.{c.Name}_jsonb");
        return $"CREATE VIEW {Table.Name} AS SELECT {string.Join(", ", [.. columns, .. ours, .. jsons])} FROM {Rows} r{Joins("r")};";
    }

    /// <summary>Columns for CREATE TABLE, without padding between them.</summary>
    public IEnumerable<PhysicalColumn> TableColumns()
    {
        IEnumerable<PhysicalColumn> all = HasStages ? [.. Columns, new PhysicalColumn("stage_lsn", "bigint", 8, false)] : Columns;
        return all.OrderByDescending(static c => c.Alignment).ThenByDescending(static c => c.IsNotNull);
    }

    /// <summary>What is made of other columns: the metadata as PostgreSQL's own JSON, null for what it refuses.</summary>
    public IEnumerable<string> GeneratedColumns() => Table.Columns.Where(static c => c.Type == ColumnType.Json)
        .Select(static c => $"{c.Name}_jsonb jsonb GENERATED ALWAYS AS (jsonb_or_null({c.Name})) STORED");

    /// <summary>What slot records made of a row's stage: the fold of those behind it, see docs/postgres.md.</summary>
    public static string Stage(string row, string stages) => $"""
        (CASE WHEN {row}.stage::int4 IN (1, 4) OR {stages}.last_key IS NULL OR {stages}.last_key < {StageKey(row)} THEN {row}.stage::int4 & 255
            WHEN {stages}.first_key < {StageKey(row)} THEN fold_stages({row}.stage::int4 & 255, {StageKey(row)}, {stages}.keys, {stages}.stages)
            WHEN {stages}.ended OR ({row}.stage::int4 & 255) >= 5 THEN {stages}.stage
            ELSE greatest({row}.stage::int4 & 255, {stages}.stage) END)::int2
        """;

    public static string TypeOf(ColumnType type) => type switch
    {
        ColumnType.UInt8 => "int2",
        ColumnType.UInt16 => "int4",
        ColumnType.UInt32 or ColumnType.UInt64 or ColumnType.Int64 => "int8",
        ColumnType.Float32 => "float4",
        ColumnType.Float64 => "float8",
        ColumnType.Boolean => "bool",
        ColumnType.Timestamp => "timestamp",
        ColumnType.Key or ColumnType.Signature or ColumnType.Bytes => "bytea",
        ColumnType.Text or ColumnType.Json => "text",
        _ => throw new InvalidOperationException($"PostgreSQL has no type for {type}."),
    };

    private static string StageKey(string row) => $"(coalesce({row}.stage_lsn, {row}.lsn) {Unsigned})";

    private static IEnumerable<PhysicalColumn> Split(HistoryColumn column, (ColumnForm Form, int Bytes) form)
    {
        var (name, always) = (column.Name, !column.IsNullable);
        return form.Form switch
        {
            ColumnForm.Plain => [new(name, TypeOf(column.Type), AlignmentOf(column.Type), always)],
            ColumnForm.Narrow => [new($"{name}_{form.Bytes}", form.Bytes == 2 ? "int2" : "int4", form.Bytes, false), new($"{name}_far", TypeOf(column.Type), AlignmentOf(column.Type), false)],
            ColumnForm.Byte or ColumnForm.Stage => [new(name, "\"char\"", 1, always)],
            ColumnForm.Seconds => [new($"{name}_s", "int4", 4, false), new($"{name}_far", "timestamp", 8, false)],
            ColumnForm.Halves => [new($"{name}_prefix", "int8", 8, always), new($"{name}_tail", "bytea", 0, always)],
            ColumnForm.KeyId or ColumnForm.WordId => [new($"{name}_id", "int4", 4, always)],
            ColumnForm.OwnLsn => [new(name, "int8", 8, false)],
            _ => [],
        };
    }

    private static int AlignmentOf(ColumnType type) => TypeOf(type) switch
    {
        "int2" => 2,
        "int4" or "float4" => 4,
        "int8" or "float8" or "timestamp" => 8,
        "bool" => 1,
        _ => 0,
    };

    // Only where a database has hundreds of millions of rows is it worth it.
    private static Func<HistoryColumn, (ColumnForm, int)> FormsOf(HistoryTable table) => table.Name switch
    {
        "transactions" => static c => c.Name switch
        {
            "signature" => (ColumnForm.Halves, 0),
            "raw_lsn" => (ColumnForm.OwnLsn, 0),
            "processed_at" => (ColumnForm.BatchTime, 0),
            "stage" => (ColumnForm.Stage, 0),
            "block_time" => (ColumnForm.Seconds, 0),
            "model_version" => (ColumnForm.WordId, 0),
            "payer" or "pool" or "mint_in" or "mint_out" => (ColumnForm.KeyId, 0),
            "decimals_in" or "decimals_out" => (ColumnForm.Byte, 0),
            "index_in_block" or "flags" or "error_code" or "swap_count" => (ColumnForm.Narrow, 2),
            "fee_lamports" or "tip_lamports" or "compute_unit_price_micro_lamports" or "compute_unit_limit" or "compute_units_consumed" or "error_custom_code" => (ColumnForm.Narrow, 4),
            _ => (ColumnForm.Plain, 0),
        },
        "mev_opportunities" => static c => c.Name switch
        {
            "signature" => (ColumnForm.Halves, 0),
            "pool" or "quote_mint" => (ColumnForm.KeyId, 0),
            _ => (ColumnForm.Plain, 0),
        },
        _ => static _ => (ColumnForm.Plain, 0),
    };
}
