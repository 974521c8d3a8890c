using Mev.Sdk.Storage.Columnar.Columns;

namespace Mev.Sdk.Storage.Columnar.Internal;

/// <summary>Rows into a file: collected, sorted and written a row group at a time.</summary>
internal sealed class TableWriter : IDisposable
{
    private readonly IRowGroupFile _file;
    private readonly int _maxRows;
    private readonly long _maxBytes;

    public TableWriter(IRowGroupFile file, IReadOnlyList<ColumnDescription> columns, int[] sortColumns, ColumnarOptions options)
    {
        _file = file;
        _maxRows = options.RowGroupRows;
        _maxBytes = options.RowGroupMegabytes * 1024L * 1024;
        Rows = new RowGroup(columns, sortColumns);
    }

    /// <summary>What was not written yet.</summary>
    public RowGroup Rows { get; }

    /// <summary>Whether <see cref="FlushAsync"/> is due.</summary>
    public bool IsFull => Rows.Rows >= _maxRows || Rows.Length >= _maxBytes;

    public long RowsWritten { get; private set; }

    public long Length => _file.Length;

    public int RowGroups => _file.RowGroups;

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (Rows.Rows == 0)
        {
            return;
        }

        await _file.WriteRowGroupAsync(Rows.Sorted(), cancellationToken).ConfigureAwait(false);
        RowsWritten += Rows.Rows;
        Rows.Clear();
    }

    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        await _file.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _file.Dispose();
}
