using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.ClickHouse.Internal;

/// <summary>Types and codecs of the columns.</summary>
internal static class ColumnText
{
    // Few different values in a part: a dictionary and small numbers instead of the values.
    private static readonly HashSet<string> FewValues = new(StringComparer.Ordinal)
    {
        "model_version", "type", "rule", "action", "actor", "name", "mint_in", "mint_out", "pool", "quote_mint", "leader", "owner", "identity", "vote_account",
    };

    // Each value near the one before it.
    private static readonly HashSet<string> Steps = new(StringComparer.Ordinal)
    {
        "lsn", "raw_lsn", "slot", "block_time", "processed_at", "index_in_block", "parent_slot", "block_height", "transaction_lsn", "target_lsn", "write_version", "opportunity_id", "first_sequence", "last_sequence",
        "after_lsn",
    };

    // Payers come again, but far apart: in blocks of a quarter of a million rows they are found again (10 bytes a row instead of 30), and one block is still unpacked in a few milliseconds.
    private const string LargeBlocks = "CODEC(ZSTD(3)) SETTINGS (min_compress_block_size = 8388608, max_compress_block_size = 8388608)";

    /// <summary>Type and codec, as a table's definition has them.</summary>
    public static string Define(HistoryColumn column) => $"{column.Name} {TypeOf(column)} {CodecOf(column)}";

    public static string TypeOf(HistoryColumn column)
    {
        var type = column.Type switch
        {
            ColumnType.Boolean => "Bool",
            ColumnType.Timestamp => "DateTime64(6, 'UTC')",
            ColumnType.Key => "FixedString(32)",
            ColumnType.Signature => "FixedString(64)",
            ColumnType.Bytes or ColumnType.Text or ColumnType.Json => "String",
            var number => number.ToString(),
        };
        type = column.IsNullable ? $"Nullable({type})" : type;
        return column.Type is ColumnType.Key or ColumnType.Text && FewValues.Contains(column.Name) ? $"LowCardinality({type})" : type;
    }

    private static string CodecOf(HistoryColumn column) => column.Type switch
    {
        // 64 random bytes: any work on them is lost.
        ColumnType.Signature when !column.IsNullable => "CODEC(NONE)",
        ColumnType.UInt8 or ColumnType.UInt16 or ColumnType.UInt32 or ColumnType.UInt64 or ColumnType.Timestamp when Steps.Contains(column.Name) || column.Type == ColumnType.Timestamp => "CODEC(Delta, ZSTD(1))",
        ColumnType.Key when column.Name == "payer" => LargeBlocks,
        _ => "CODEC(ZSTD(1))",
    };
}
