using System.IO.Hashing;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers.Internal;

namespace Mev.Sdk.Storage.Tiers;

/// <summary>What a database held at an LSN: rows and sums by table and partition. Small; kept beside a backup, and compared with the database that is built again from it. Immutable.</summary>
/// <remarks>
/// Sums are those of <see cref="RowSum"/>, of the columns that are <see cref="HistoryColumn.IsReproducible"/> alone. They do not depend on the kind of database: one that was built in PostgreSQL is compared with
/// what was noted of DuckDB.
/// </remarks>
public sealed class HistoryManifest
{
    private HistoryManifest(Lsn checkpoint, IReadOnlyList<HistoryManifestEntry> entries) => (Checkpoint, Entries) = (checkpoint, entries);

    /// <summary>The last record whose rows were stored.</summary>
    public Lsn Checkpoint { get; }

    /// <summary>Tables and partitions that had rows, by partition and table.</summary>
    public IReadOnlyList<HistoryManifestEntry> Entries { get; }

    /// <summary>All rows.</summary>
    public long Rows => Entries.Sum(static entry => entry.Sum.Rows);

    /// <summary>Reads all rows of a database and adds them up.</summary>
    /// <param name="source">The database. Nothing may write to it meanwhile: partitions are read one after the other.</param>
    /// <param name="checkpoint">The last record whose rows are stored, as <see cref="Projection.IProjectionTarget.OpenAsync"/> says.</param>
    /// <param name="progress">Told of each table of a partition.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The manifest.</returns>
    public static async ValueTask<HistoryManifest> TakeAsync(
        ITierSource source, Lsn checkpoint, IProgress<HistoryManifestEntry>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var entries = new List<HistoryManifestEntry>();
        foreach (var facts in (await source.GetPartitionsAsync(cancellationToken).ConfigureAwait(false)).OrderBy(static facts => facts.Partition, TierPartition.Order))
        {
            foreach (var table in facts.Partition.Tables.OrderBy(static table => table.Name, StringComparer.Ordinal))
            {
                var sum = default(RowSum);
                await foreach (var rows in source.ReadAsync(table, facts.Partition, cancellationToken).ConfigureAwait(false))
                {
                    sum = AddReproducible(sum, rows);
                }

                if (sum.Rows > 0)
                {
                    var entry = new HistoryManifestEntry(table.Name, facts.Partition, sum);
                    entries.Add(entry);
                    progress?.Report(entry);
                }
            }
        }

        return new HistoryManifest(checkpoint, entries);
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">UTF-8.</param>
    /// <returns>The manifest.</returns>
    /// <exception cref="InvalidDataException">It is none, or a later version's; the message says where.</exception>
    public static HistoryManifest Parse(ReadOnlySpan<byte> json)
    {
        var (checkpoint, entries) = HistoryManifestJson.Read(json);
        return new HistoryManifest(checkpoint, entries);
    }

    /// <summary>Writes it as a file's content.</summary>
    /// <returns>JSON, UTF-8.</returns>
    public byte[] ToJson() => HistoryManifestJson.Write(this);

    /// <summary>Compares a database that was built again with this manifest.</summary>
    /// <param name="found">What it holds, at the same <see cref="Checkpoint"/>.</param>
    /// <returns>One line a difference: what is missing, what differs, and what nobody noted; none when it is the same database. Partitions that had left for another tier when the manifest was taken are among the last.</returns>
    public IEnumerable<string> Compare(HistoryManifest found)
    {
        ArgumentNullException.ThrowIfNull(found);
        return CompareAll(found);
    }

    // When a row was stored is not a record's to say, and another time the next time.
    private static RowSum AddReproducible(RowSum sum, RowBuffer rows)
    {
        var columns = rows.Table.Columns;
        var (count, total) = sum;
        var hash = new XxHash128();
        for (var reader = rows.Read(); reader.NextRow(); count++)
        {
            foreach (var column in columns)
            {
                var bytes = reader.ReadRaw();
                if (column.IsReproducible)
                {
                    hash.Append(bytes);
                }
            }

            total = unchecked(total + hash.GetCurrentHashAsUInt128());
            hash.Reset();
        }

        return new RowSum(count, total);
    }

    private IEnumerable<string> CompareAll(HistoryManifest found)
    {
        if (found.Checkpoint != Checkpoint)
        {
            yield return $"the database is at LSN {found.Checkpoint}, the manifest at {Checkpoint}: sums can only be compared at the same record";
        }

        var there = found.Entries.ToDictionary(static entry => (entry.Table, entry.Partition), static entry => entry.Sum);
        foreach (var entry in Entries)
        {
            if (!there.Remove((entry.Table, entry.Partition), out var sum))
            {
                yield return $"{entry.Table} {entry.Partition}: {entry.Sum.Rows} rows are missing";
            }
            else if (sum != entry.Sum)
            {
                yield return sum.Rows == entry.Sum.Rows
                    ? $"{entry.Table} {entry.Partition}: {sum.Rows} rows as noted, but not the same ones"
                    : $"{entry.Table} {entry.Partition}: {sum.Rows} rows, {entry.Sum.Rows} were noted";
            }
        }

        foreach (var ((table, partition), sum) in there.OrderBy(static pair => pair.Key.Partition, TierPartition.Order).ThenBy(static pair => pair.Key.Table, StringComparer.Ordinal))
        {
            yield return $"{table} {partition}: {sum.Rows} rows that were not noted";
        }
    }
}
