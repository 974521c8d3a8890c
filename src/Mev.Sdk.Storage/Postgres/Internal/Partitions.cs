using System.Globalization;
using Mev.Sdk.Storage.Relational;
using Npgsql;

namespace Mev.Sdk.Storage.Postgres;

/// <summary>The partitions of a database's tables: one a day, made ahead, dropped when they are old, and one for the rest.</summary>
/// <remarks>Used by the projector alone.</remarks>
internal sealed class Partitions(int ahead, int retentionDays)
{
    /// <summary>Days of a table that have a partition at most: engines that state odd slots must not fill the catalogue; what is beyond goes to the rest.</summary>
    public const int MaxDays = 400;

    /// <summary>Slots that PostgreSQL's signed numbers do not hold are in the rest.</summary>
    private const ulong MaxDay = (ulong)long.MaxValue / Schema.SlotsOfDay;

    private readonly Dictionary<TableLayout, SortedSet<long>> _days = [];
    private readonly HashSet<(TableLayout, long)> _refused = [];

    /// <summary>Name of the partition for rows of no day that has one.</summary>
    public static string Rest(TableLayout layout) => layout.Rows + "_rest";

    public static string NameOf(TableLayout layout, long day) => string.Create(CultureInfo.InvariantCulture, $"{layout.Rows}_{day}");

    public static long? DayOfSlot(ulong slot) => slot / Schema.SlotsOfDay < MaxDay ? (long)(slot / Schema.SlotsOfDay) : null;

    /// <summary>Days since the Unix epoch, of microseconds since then.</summary>
    public static long? DayOfTime(long microseconds) => microseconds / TimeSpan.MicrosecondsPerDay is >= 0 and < 3_000_000 and var day ? day : null;

    /// <summary>Days of a table that have a partition.</summary>
    public IReadOnlyCollection<long> Days(TableLayout layout) => _days.TryGetValue(layout, out var days) ? days : [];

    /// <summary>Reads which there are.</summary>
    public async Task LoadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        _days.Clear();
        _refused.Clear();
        foreach (var layout in TableLayout.All)
        {
            _days[layout] = [];
        }

        var command = connection.Command("""
            SELECT p.relname::text, c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
            WHERE p.relkind = 'p' AND p.relnamespace = current_schema()::regnamespace
            """);
        await using var _ = command.ConfigureAwait(false);
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            var (parent, name) = (reader.GetString(0), reader.GetString(1));
            if (TableLayout.All.FirstOrDefault(l => l.Rows == parent) is { } layout && name.Length > parent.Length
                && long.TryParse(name.AsSpan(parent.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var day))
            {
                _days[layout].Add(day);
            }
        }
    }

    /// <summary>Makes what is missing for some days of a table, in the transaction of the rows that want it.</summary>
    public async Task EnsureAsync(NpgsqlConnection connection, TableLayout layout, IReadOnlyCollection<long> wanted, CancellationToken cancellationToken)
    {
        var days = _days[layout];
        foreach (var day in wanted.Where(d => !days.Contains(d) && !_refused.Contains((layout, d))).Order().ToArray())
        {
            if (days.Count < MaxDays && await CreateAsync(connection, layout, day, cancellationToken).ConfigureAwait(false))
            {
                days.Add(day);
            }
            else
            {
                _refused.Add((layout, day));
            }
        }
    }

    /// <summary>Days behind one that have no partition yet and should have.</summary>
    public long[] MissingAhead(TableLayout layout, long day) => [.. Enumerable.Range(1, ahead).Select(i => day + i).Where(d => !_days[layout].Contains(d) && !_refused.Contains((layout, d)))];

    /// <summary>Drops the partitions of days before one.</summary>
    /// <returns>How many.</returns>
    public async Task<int> DropBeforeAsync(NpgsqlConnection connection, TableLayout layout, long day, CancellationToken cancellationToken)
    {
        var old = _days[layout].TakeWhile(d => d < day).ToArray();
        foreach (var dropped in old)
        {
            await connection.ExecuteAsync($"DROP TABLE IF EXISTS {NameOf(layout, dropped)}", cancellationToken).ConfigureAwait(false);
            _days[layout].Remove(dropped);
        }

        return old.Length;
    }

    /// <summary>Empties the files of a day from which all rows were deleted. Readers are not held up while it is made sure that nothing is in it.</summary>
    public static string Truncate(TableLayout layout, long day)
    {
        var name = NameOf(layout, day);
        return $"""
            BEGIN; SET LOCAL lock_timeout = '1s'; LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE;
            DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM {name}) THEN TRUNCATE {name}; END IF; END $$; COMMIT
            """;
    }

    /// <summary>Drops the partitions of days before one that have no row, nor room for any: a tier mover leaves them so. Nobody but the projector fills one.</summary>
    /// <returns>How many.</returns>
    public async Task<int> DropEmptyBeforeAsync(NpgsqlConnection connection, TableLayout layout, long day, CancellationToken cancellationToken)
    {
        var dropped = 0;
        foreach (var old in _days[layout].TakeWhile(d => d < day).ToArray())
        {
            var name = NameOf(layout, old);
            if (!await connection.AnyAsync($"SELECT 1 WHERE pg_relation_size('{name}') > 0", cancellationToken).ConfigureAwait(false))
            {
                await connection.ExecuteAsync($"DROP TABLE {name}", cancellationToken).ConfigureAwait(false);
                _days[layout].Remove(old);
                dropped++;
            }
        }

        return dropped;
    }

    /// <summary>The first day that is kept, when the newest is <paramref name="newest"/>; null when everything is.</summary>
    public long? FirstKept(long newest) => retentionDays == 0 ? null : newest - retentionDays + 1;

    // Rows of the day that came to the rest, because there were too many days, hold it there for good.
    private static async Task<bool> CreateAsync(NpgsqlConnection connection, TableLayout layout, long day, CancellationToken cancellationToken)
    {
        var range = layout.Table.RangeColumn!.Name;
        var (from, to) = layout.Table.Range == HistoryRange.Slot ? (SlotBound(day), SlotBound(day + 1)) : (TimeBound(day), TimeBound(day + 1));
        if (await connection.AnyAsync($"SELECT 1 FROM {Rest(layout)} WHERE {range} >= {from} AND {range} < {to} LIMIT 1", cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        await connection.ExecuteAsync($"CREATE TABLE IF NOT EXISTS {NameOf(layout, day)} PARTITION OF {layout.Rows} FOR VALUES FROM ({from}) TO ({to})", cancellationToken).ConfigureAwait(false);
        return true;
    }

    private static string SlotBound(long day) => string.Create(CultureInfo.InvariantCulture, $"{day * (long)Schema.SlotsOfDay}");

    private static string TimeBound(long day) => string.Create(CultureInfo.InvariantCulture, $"timestamp '{DateTime.UnixEpoch.AddDays(day):yyyy-MM-dd}'");
}
