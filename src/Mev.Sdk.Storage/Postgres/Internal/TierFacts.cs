using System.Globalization;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;
using Npgsql;

namespace Mev.Sdk.Storage.Postgres;

/// <summary>Finds out what a tier policy wants to know of each partition, without reading the big ones.</summary>
internal sealed class TierFacts(NpgsqlConnection connection)
{
    private readonly Dictionary<(TableLayout Layout, long Day), (long Bytes, double Rows)> _sizes = [];

    public async Task<IReadOnlyList<PartitionFacts>> GetAsync(CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken).ConfigureAwait(false);
        var days = _sizes.Where(static s => s.Value.Bytes > 0).Select(static s => (s.Key.Layout.Table.Range, s.Key.Day)).Distinct().Order().ToList();
        if (days.Count == 0)
        {
            return [];
        }

        var final = await LongAsync(TierSql.FinalSlot, cancellationToken).ConfigureAwait(false);
        var facts = new List<PartitionFacts>();
        foreach (var (range, day) in days)
        {
            if (await GetAsync(new TierPartition(range, day), final, cancellationToken).ConfigureAwait(false) is { } fact)
            {
                facts.Add(fact);
            }
        }

        return facts;
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        var rests = new List<TableLayout>();
        var command = connection.Command(TierSql.Partitions);
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using var _ = reader.ConfigureAwait(false);
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                var (parent, name, bytes) = (reader.GetString(0), reader.GetString(1), reader.GetInt64(2));
                if (TableLayout.All.FirstOrDefault(l => l.Rows == parent) is not { } layout)
                {
                    continue;
                }

                if (long.TryParse(name.AsSpan(parent.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var day))
                {
                    _sizes[(layout, day)] = (bytes, reader.GetDouble(3));
                }
                else if (bytes > 0)
                {
                    rests.Add(layout);
                }
            }
        }

        foreach (var layout in rests)
        {
            foreach (var day in await DaysAsync(layout, cancellationToken).ConfigureAwait(false))
            {
                // Of a day without a partition of its own nothing is known.
                _sizes.TryAdd((layout, day), (1, -1));
            }
        }
    }

    private async Task<List<long>> DaysAsync(TableLayout layout, CancellationToken cancellationToken)
    {
        var days = new List<long>();
        var command = connection.Command(TierSql.DaysOfRest(layout));
        await using var _ = command.ConfigureAwait(false);
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            days.Add(reader.GetInt64(0));
        }

        return days;
    }

    private async Task<PartitionFacts?> GetAsync(TierPartition partition, long? final, CancellationToken cancellationToken)
    {
        var (rows, newest) = (0L, (long?)null);
        foreach (var table in partition.Tables)
        {
            var layout = TableLayout.Of(table);
            if (!_sizes.TryGetValue((layout, partition.Day), out var size) || size.Bytes == 0)
            {
                continue;
            }

            var isBig = size.Bytes > TierSql.BigBytes;
            var count = isBig && size.Rows > 0 ? (long)size.Rows : await LongAsync(TierSql.Count(layout, partition), cancellationToken).ConfigureAwait(false) ?? 0;
            rows += count;
            if (count > 0 && TierSql.Newest(layout, partition, isBig) is { } sql && await LongAsync(sql, cancellationToken).ConfigureAwait(false) is { } time)
            {
                newest = Math.Max(newest ?? long.MinValue, time);
            }
        }

        return rows == 0 ? null : new PartitionFacts
        {
            Partition = partition,
            Tier = HistoryTier.Hot,
            Rows = rows,
            Newest = newest is { } microseconds ? DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond) : null,
            IsRooted = partition.Range == HistoryRange.Time || await IsRootedAsync(partition, final, cancellationToken).ConfigureAwait(false),
            OpenOutcomes = partition.Range == HistoryRange.Time ? 0 : await LongAsync(TierSql.OpenOutcomes(partition), cancellationToken).ConfigureAwait(false) ?? 0,
        };
    }

    private async Task<bool> IsRootedAsync(TierPartition partition, long? final, CancellationToken cancellationToken)
    {
        var slots = await LongAsync(TierSql.LastSlot(TableLayout.Of(HistoryTables.Slots), partition, latest: false), cancellationToken).ConfigureAwait(false);
        var blocks = await LongAsync(TierSql.LastSlot(TableLayout.Of(HistoryTables.Blocks), partition, latest: false), cancellationToken).ConfigureAwait(false);
        if (slots is null && blocks is null && (final is null || final < partition.Last))
        {
            return !await connection.AnyAsync(TierSql.HasOpenTransaction(partition), cancellationToken).ConfigureAwait(false);
        }

        var transactions = await LongAsync(TierSql.LastSlot(TableLayout.Transactions, partition, latest: true), cancellationToken).ConfigureAwait(false);
        return final >= partition.Last || final >= Math.Max(transactions ?? 0, Math.Max(slots ?? 0, blocks ?? 0));
    }

    private async Task<long?> LongAsync(string sql, CancellationToken cancellationToken) =>
        await connection.ScalarAsync(sql, cancellationToken).ConfigureAwait(false) is { } value and not DBNull ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : null;
}
