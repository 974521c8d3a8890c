using System.Globalization;
using System.Text;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.ClickHouse.Internal;

/// <summary>Pieces of statements, made of constants, numbers and hexadecimal digits only.</summary>
internal static class Sql
{
    /// <summary>Values of one IN at most: half of what the server's parser takes in one statement.</summary>
    public const int MaxValues = 20_000;

    /// <summary>What makes a read of <see cref="HistoryTables.Transactions"/> or <see cref="HistoryTables.MevOpportunities"/> see the last version of each row only, and cheaply: versions of a row lie in one partition.</summary>
    public static readonly (string, string)[] Final = [("final", "1"), ("do_not_merge_across_partitions_select_final", "1"), ("use_skip_indexes_if_final", "1")];

    public static string Columns(HistoryTable table) => string.Join(", ", table.Columns.Select(static c => c.Name));

    public static string Number(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Literal(ReadOnlySpan<byte> bytes) => $"unhex('{Convert.ToHexString(bytes)}')";

    public static string Literal(Signature signature) => Literal(Signature.AsSpan(in signature));

    public static string Literal(Pubkey key) => Literal(Pubkey.AsSpan(in key));

    /// <summary>Rows of transactions whose slot lies in a span: by the slot itself, and by the partitions that can have it.</summary>
    public static string Within(SlotSpan slots)
    {
        var from = slots.First < TableNames.PartitionSlots ? 0 : slots.First - TableNames.PartitionSlots;
        var to = slots.Last > ulong.MaxValue - TableNames.PartitionSlots ? ulong.MaxValue : slots.Last + TableNames.PartitionSlots;
        return $"slot BETWEEN {Number(slots.First)} AND {Number(slots.Last)} AND {TableNames.FirstSlot} BETWEEN {Number(from)} AND {Number(to)}";
    }

    /// <summary>Conditions <c>column IN (…)</c> over all values, each with at most <see cref="MaxValues"/>; sorted, so that each looks at its own part of the table.</summary>
    public static IEnumerable<string> In(string column, IEnumerable<ulong> values)
    {
        foreach (var chunk in values.Order().Chunk(MaxValues))
        {
            var text = new StringBuilder(chunk.Length * 12);
            text.Append(CultureInfo.InvariantCulture, $"{column} BETWEEN {chunk[0]} AND {chunk[^1]} AND {column} IN (");
            foreach (var value in chunk)
            {
                text.Append(CultureInfo.InvariantCulture, $"{value},");
            }

            text[^1] = ')';
            yield return text.ToString();
        }
    }
}
