using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Postgres;

/// <summary>What must be known of some rows before they can be written: their days, their signatures, and the keys and words that they name.</summary>
internal sealed class RowScan
{
    private readonly Dictionary<long, int> _days = [];
    private readonly List<long> _prefixes = [];

    /// <summary>Walks the rows once.</summary>
    /// <param name="layout">Their table.</param>
    /// <param name="rows">They.</param>
    /// <param name="names">Notes keys and words; null when the layout has none.</param>
    public RowScan(TableLayout layout, RowBuffer rows, NameIds? names)
    {
        var range = layout.Table.RangeColumn?.Ordinal ?? -1;
        var bySlot = layout.Table.Range == HistoryRange.Slot;
        (ColumnForm Form, int Bytes)[] forms = [.. layout.Forms];

        // What is behind the last column of interest need not be walked.
        var last = Math.Max(range, Array.FindLastIndex(forms, static f => f.Form is ColumnForm.Halves or ColumnForm.KeyId or ColumnForm.WordId));
        for (var reader = rows.Read(); reader.NextRow();)
        {
            for (var column = 0; column <= last; column++)
            {
                if (column == range)
                {
                    AddDay(bySlot ? Partitions.DayOfSlot(reader.ReadUInt64()) : Partitions.DayOfTime(reader.ReadTimestamp()));
                }
                else if (forms[column].Form is ColumnForm.Halves or ColumnForm.KeyId or ColumnForm.WordId)
                {
                    if (!reader.ReadNull())
                    {
                        Note(ref reader, forms[column].Form, names);
                    }
                }
                else
                {
                    reader.Skip();
                }
            }
        }

    }

    /// <summary>Ids of the names of the rows, to be filled in by <see cref="NameIds.ResolveAsync"/>.</summary>
    public IdList Ids { get; } = new();

    /// <summary>Days that should have a partition.</summary>
    public IReadOnlyCollection<long> Days => _days.Keys;

    /// <summary>The day that most of the rows are of: what one odd row says of the time is not believed.</summary>
    public long? Usual => _days.Count == 0 ? null : _days.MaxBy(static d => d.Value).Key;

    /// <summary>The first 8 bytes of each signature, as the column of that name has them.</summary>
    public long[] Prefixes => [.. _prefixes];

    private void AddDay(long? day)
    {
        if (day is { } known)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_days, known, out _)++;
        }
    }

    private void Note(ref RowReader reader, ColumnForm form, NameIds? names)
    {
        switch (form)
        {
            case ColumnForm.Halves:
                _prefixes.Add(BinaryPrimitives.ReadInt64BigEndian(reader.ReadSignature()));
                break;
            case ColumnForm.KeyId:
                names!.Note(new Pubkey(reader.ReadKey()), Ids);
                break;
            default:
                names!.Note(reader.ReadText(), Ids);
                break;
        }
    }
}
