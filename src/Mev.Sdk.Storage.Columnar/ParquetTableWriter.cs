using Mev.Sdk.Storage.Columnar.Internal;
using Mev.Sdk.Storage.Columnar.Parquet;

namespace Mev.Sdk.Storage.Columnar;

/// <summary>Writes rows of any kind to a Parquet file: typed columns, dictionaries, differences, Zstandard, statistics, row groups sorted as the schema says.</summary>
/// <remarks>
/// Not thread-safe. Add rows; when <see cref="IsFull"/>, flush; complete at the end. A file that was not completed has no footer and cannot be read: whoever wants all or nothing
/// writes to a temporary name, as the exporters do. The stream stays open.
/// </remarks>
/// <typeparam name="TRow">What a row is made from.</typeparam>
/// <example>
/// <code>
/// using var writer = new ParquetTableWriter&lt;TransactionRow&gt;(file, RowSchemas.Transactions);
/// foreach (var row in rows)
/// {
///     writer.Add(in row);
///     if (writer.IsFull) await writer.FlushAsync();
/// }
/// await writer.CompleteAsync();
/// </code>
/// </example>
public sealed class ParquetTableWriter<TRow> : IDisposable
    where TRow : allows ref struct
{
    private readonly TableSchema<TRow> _schema;
    private readonly TableWriter _writer;

    /// <summary>Begins a file.</summary>
    /// <param name="output">Where it goes; written to from its current position on, never read or sought.</param>
    /// <param name="schema">The table.</param>
    /// <param name="options">How; null = the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public ParquetTableWriter(Stream output, TableSchema<TRow> schema, ColumnarOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(schema);
        var settings = (options ?? new ColumnarOptions()).Checked();
        _schema = schema;
        _writer = new TableWriter(new ParquetFile(output, schema.Name, schema.Columns, schema.SortColumns, settings.CompressionLevel), schema.Columns, schema.SortColumns, settings);
    }

    /// <summary>Whether a row group is complete: flush before the next row, or it grows beyond its bounds.</summary>
    public bool IsFull => _writer.IsFull;

    /// <summary>Rows added.</summary>
    public long Rows => _writer.RowsWritten + _writer.Rows.Rows;

    /// <summary>Bytes written.</summary>
    public long Length => _writer.Length;

    /// <summary>Adds a row.</summary>
    /// <param name="row">The row; nothing of it is kept.</param>
    public void Add(in TRow row) => _schema.Append(in row, _writer.Rows.Columns);

    /// <summary>Writes the rows added so far as a row group.</summary>
    /// <param name="cancellationToken">Gives up; the file is then of no use.</param>
    /// <returns>When they are written.</returns>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => _writer.FlushAsync(cancellationToken);

    /// <summary>Writes what is left, and the footer.</summary>
    /// <param name="cancellationToken">Gives up; the file is then of no use.</param>
    /// <returns>When the file is complete.</returns>
    public ValueTask CompleteAsync(CancellationToken cancellationToken = default) => _writer.CompleteAsync(cancellationToken);

    /// <summary>Gives up what the compressor holds. The stream stays open.</summary>
    public void Dispose() => _writer.Dispose();
}
