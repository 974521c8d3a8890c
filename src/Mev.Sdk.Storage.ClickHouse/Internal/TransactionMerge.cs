using System.Buffers.Binary;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.ClickHouse.Internal;

/// <summary>Makes the next version of a transaction's row: the merge that <see cref="Projection.ProjectedRows"/> describes, on rows in RowBinary.</summary>
internal sealed class TransactionMerge
{
    private static readonly HistoryTable Table = HistoryTables.Transactions;
    private static readonly HistoryColumn LsnColumn = Table["lsn"];
    private static readonly HistoryColumn SignatureColumn = Table["signature"];
    private static readonly HistoryColumn SlotColumn = Table["slot"];
    private static readonly HistoryColumn BlockTimeColumn = Table["block_time"];
    private static readonly HistoryColumn StageColumn = Table["stage"];
    private static readonly HistoryColumn IndexColumn = Table["index_in_block"];
    private static readonly HistoryColumn FlagsColumn = Table["flags"];
    private static readonly HistoryColumn ScoreColumn = Table["score"];
    private static readonly HistoryColumn[] MetaColumns =
    [
        Table["raw_lsn"], FlagsColumn, Table["fee_lamports"], Table["tip_lamports"], Table["compute_units_consumed"], Table["error_code"], Table["error_custom_code"], Table["swap_count"], Table["venue"],
        Table["pool"], Table["mint_in"], Table["mint_out"], Table["amount_in"], Table["amount_out"], Table["decimals_in"], Table["decimals_out"],
    ];

    private readonly RowSplit _row = new(Table);
    private readonly RowSplit _sighting = new(Table);
    private readonly ReadOnlyMemory<byte>[] _pieces = new ReadOnlyMemory<byte>[Table.Columns.Count];
    private readonly byte[] _stage = new byte[1];

    /// <summary>The pieces of the new version, column after column; valid until the next call.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Pieces => _pieces;

    /// <summary>The slot of the new version.</summary>
    public ulong Slot => Number(_pieces[SlotColumn.Ordinal].Span);

    /// <summary>Merges.</summary>
    /// <param name="stored">The row as it is stored.</param>
    /// <param name="stage">Its stage as it is now.</param>
    /// <param name="firstSlot">The slot that its key has.</param>
    /// <param name="change">What is new.</param>
    /// <returns>Whether it makes a difference.</returns>
    public bool TryMerge(ReadOnlyMemory<byte> stored, SightingStage stage, ulong firstSlot, RowChange change)
    {
        var row = stored.Span;
        _row.Walk(row);
        for (var i = 0; i < _pieces.Length; i++)
        {
            _pieces[i] = stored[_row[i]];
        }

        var lsn = Number(_row.Value(row, LsnColumn));
        var hasMeta = HasMeta(_row.Value(row, FlagsColumn));
        var changed = false;
        ReadOnlyMemory<byte> latest = default;
        var latestIsFinal = false;
        foreach (var sighting in change.Sightings)
        {
            var span = sighting.Span;
            _sighting.Walk(span);
            if (Number(_sighting.Value(span, LsnColumn)) <= lsn || !_sighting.Value(span, SignatureColumn).SequenceEqual(_row.Value(row, SignatureColumn)))
            {
                continue;
            }

            if (!hasMeta && HasMeta(_sighting.Value(span, FlagsColumn)))
            {
                Take(sighting, MetaColumns);
                hasMeta = changed = true;
            }

            // In LSN order: the last one, and a finalized one before all others.
            var isFinal = StageOf(span) == SightingStage.Finalized;
            if (isFinal || !latestIsFinal)
            {
                (latest, latestIsFinal) = (sighting, isFinal);
            }
        }

        if (!latest.IsEmpty)
        {
            changed |= TryAdvance(latest, ref stage, firstSlot);
        }

        if (change.Score.Length > 0)
        {
            // Score and model are the last two columns.
            _pieces[ScoreColumn.Ordinal] = change.Score;
            _pieces[ScoreColumn.Ordinal + 1] = default;
            changed = true;
        }

        _stage[0] = (byte)stage;
        _pieces[StageColumn.Ordinal] = _stage;
        return changed;
    }

    private bool TryAdvance(ReadOnlyMemory<byte> latest, ref SightingStage stage, ulong firstSlot)
    {
        var span = latest.Span;
        _sighting.Walk(span);
        var next = StageOf(span);
        if (!Stages.Overtakes(next, stage))
        {
            return false;
        }

        stage = next;
        var slot = Number(_sighting.Value(span, SlotColumn));

        // A slot so far away would not be looked for where the row is.
        var distance = slot > firstSlot ? slot - firstSlot : firstSlot - slot;
        if (next < SightingStage.Dropped && distance <= TableNames.PartitionSlots)
        {
            Take(latest, SlotColumn, IndexColumn);
            if (!_sighting.IsNull(span, BlockTimeColumn))
            {
                Take(latest, BlockTimeColumn);
            }
        }

        return true;
    }

    private void Take(ReadOnlyMemory<byte> sighting, params ReadOnlySpan<HistoryColumn> columns)
    {
        foreach (var column in columns)
        {
            _pieces[column.Ordinal] = sighting[_sighting[column.Ordinal]];
        }
    }

    private SightingStage StageOf(ReadOnlySpan<byte> sighting) => (SightingStage)_sighting.Value(sighting, StageColumn)[0];

    private static bool HasMeta(ReadOnlySpan<byte> flags) => ((TransactionFlags)BinaryPrimitives.ReadUInt32LittleEndian(flags)).HasFlag(TransactionFlags.HasMeta);

    private static ulong Number(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);
}
