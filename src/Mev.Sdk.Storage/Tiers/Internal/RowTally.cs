using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Tiers.Internal;

/// <summary>What passed by of a table's rows: their sum, and the LSNs they span. Not thread-safe.</summary>
internal sealed class RowTally(HistoryTable table)
{
    // Every table begins with the LSN of the record; a transaction's row goes on with that of the record that holds its wire bytes.
    private readonly int _lsns = ReferenceEquals(table, HistoryTables.Transactions) ? 2 : 1;
    private ulong _first = ulong.MaxValue;
    private ulong _last;

    public RowSum Sum { get; private set; }

    public long Bytes { get; private set; }

    public Lsn FirstLsn => new(Sum.Rows == 0 ? 0 : _first);

    public Lsn LastLsn => new(_last);

    public void Add(RowBuffer rows)
    {
        Sum = Sum.Add(rows);
        Bytes += rows.ByteCount;
        for (var reader = rows.Read(); reader.NextRow();)
        {
            for (var i = 0; i < _lsns; i++)
            {
                var lsn = reader.ReadUInt64();
                _first = Math.Min(_first, lsn);
                _last = Math.Max(_last, lsn);
            }
        }
    }
}
