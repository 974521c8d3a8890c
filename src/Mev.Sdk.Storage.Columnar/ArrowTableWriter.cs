using Mev.Sdk.Storage.Columnar.Internal;
using Mev.Sdk.Storage.Columnar.Arrow;

namespace Mev.Sdk.Storage.Columnar;

/// <summary>Writes rows of any kind to an Arrow IPC file or stream: typed columns, record batches sorted as the schema says, not compressed.</summary>
/// <remarks>
/// Not thread-safe. Add rows; when <see cref="IsFull"/>, flush; complete at the end. A file that was not completed cannot be read: whoever wants all or nothing
/// writes to a temporary name, as the exporters do. The stream stays open.
/// </remarks>
/// <typeparam name="TRow">What a row is made from.</typeparam>
/// <example>
/// <code>
/// using var writer = new ArrowTableWriter&lt;TransactionRow&gt;(file, RowSchemas.Transactions, ArrowFormat.File);
/// foreach (var row in rows)
/// {
///     writer.Add(in row);
///     if (writer.IsFull) await writer.FlushAsync();
/// }
/// await writer.CompleteAsync();
/// </code>
/// </example>
public sealed class ArrowTableWriter<TRow> : IDisposable
    where TRow : allows ref struct
{
    private readonly TableSchema<TRow> _schema;
    private readonly TableWriter _writer;

    /// <summary>Begins a file.</summary>
    /// <param name="output">Where it goes; written to from its current position on, never read or sought.</param>
    /// <param name="schema">The table.</param>
    /// <param name="format">File or stream.</param>
    /// <param name="options">How; null = the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public ArrowTableWriter(Stream output, TableSchema<TRow> schema, ArrowFormat format, ColumnarOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(schema);
        var settings = (options ?? new ColumnarOptions()).Checked();
        _schema = schema;
        _writer = new TableWriter(new ArrowFile(output, schema.Columns, format), schema.Columns, schema.SortColumns, settings);
    }

    /// <summary>Whether a record batch is complete: flush before the next row, or it grows beyond its bounds.</summary>
    public bool IsFull => _writer.IsFull;

    /// <summary>Rows added.</summary>
    public long Rows => _writer.RowsWritten + _writer.Rows.Rows;

    /// <summary>Bytes written.</summary>
    public long Length => _writer.Length;

    /// <summary>Adds a row.</summary>
    /// <param name="row">The row; nothing of it is kept.</param>
    public void Add(in TRow row) => _schema.Append(in row, _writer.Rows.Columns);

    /// <summary>Writes the rows added so far as a record batch.</summary>
    /// <param name="cancellationToken">Gives up; the file is then of no use.</param>
    /// <returns>When they are written.</returns>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => _writer.FlushAsync(cancellationToken);

    /// <summary>Writes what is left, and the end.</summary>
    /// <param name="cancellationToken">Gives up; the file is then of no use.</param>
    /// <returns>When the file is complete.</returns>
    public ValueTask CompleteAsync(CancellationToken cancellationToken = default) => _writer.CompleteAsync(cancellationToken);

    /// <summary>Gives up the writer. The stream stays open.</summary>
    public void Dispose() => _writer.Dispose();
}
