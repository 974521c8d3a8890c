using System.Runtime.InteropServices;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.DuckDb;

/// <summary>Reads the result of a query into row buffers by DuckDB's data chunks: 2,048 rows at a time, without a call a value, and never the whole result in memory.</summary>
/// <remarks>Not thread-safe. The counterpart of <see cref="RowLoader"/>.</remarks>
internal sealed unsafe class RowFetcher : IDisposable
{
    private const int StringBytes = 16;
    private const int MaxInlined = 12;

    private readonly HistoryTable _table;
    private readonly DuckDBPreparedStatement _statement;
    private readonly Vector[] _vectors;
    private DuckDBResult _result;
    private bool _ended;

    private RowFetcher(HistoryTable table, DuckDBPreparedStatement statement, DuckDBResult result)
    {
        (_table, _statement, _result) = (table, statement, result);
        _vectors = new Vector[table.Columns.Count];
    }

    /// <summary>Begins to read.</summary>
    /// <param name="connection">An open connection, which does nothing else until this is disposed.</param>
    /// <param name="sql">A query of this package whose columns are those of the table, in order.</param>
    /// <param name="table">The table.</param>
    /// <exception cref="RowFetchException">The engine refused.</exception>
    /// <exception cref="InvalidDataException">The columns are of other types.</exception>
    public static RowFetcher Open(DuckDBConnection connection, string sql, HistoryTable table)
    {
        if (NativeMethods.PreparedStatements.DuckDBPrepare(connection.NativeConnection, sql, out var statement) != DuckDBState.Success)
        {
            using (statement)
            {
                throw new RowFetchException(NativeMethods.PreparedStatements.DuckDBPrepareError(statement), DuckDBErrorType.Invalid);
            }
        }

        var state = NativeMethods.PreparedStatements.DuckDBExecutePreparedStreaming(statement, out var result);
        var fetcher = new RowFetcher(table, statement, result);
        try
        {
            fetcher.Check(state);
            fetcher.CheckColumns();
            return fetcher;
        }
        catch
        {
            fetcher.Dispose();
            throw;
        }
    }

    /// <summary>Reads rows.</summary>
    /// <param name="rows">Gets some thousands of them in place of what it has.</param>
    /// <param name="atLeast">Rows after which it is enough; a chunk is not divided.</param>
    /// <returns>False when there are no more.</returns>
    /// <exception cref="RowFetchException">The engine failed.</exception>
    /// <exception cref="InvalidDataException">A value is none that the table can have.</exception>
    public bool Fill(RowBuffer rows, int atLeast)
    {
        rows.Clear();
        while (!_ended && rows.RowCount < atLeast)
        {
            using var chunk = NativeMethods.Query.DuckDBFetchChunk(_result);
            var count = chunk.IsInvalid ? 0 : (int)NativeMethods.DataChunks.DuckDBDataChunkGetSize(chunk);
            if (count == 0)
            {
                // An error and the end look alike here.
                _ended = true;
                Check(DuckDBState.Success);
                break;
            }

            for (var i = 0; i < _vectors.Length; i++)
            {
                var handle = NativeMethods.DataChunks.DuckDBDataChunkGetVector(chunk, i);
                _vectors[i] = new Vector((byte*)NativeMethods.Vectors.DuckDBVectorGetData(handle), NativeMethods.Vectors.DuckDBVectorGetValidity(handle));
            }

            for (var row = 0; row < count; row++)
            {
                Read(rows, row);
            }
        }

        return rows.RowCount > 0;
    }

    /// <summary>Gives the result up, read to its end or not.</summary>
    public void Dispose()
    {
        _result.Close();
        _statement.Dispose();
    }

    private void Check(DuckDBState state)
    {
        var message = NativeMethods.Query.DuckDBResultError(ref _result);
        if (state != DuckDBState.Success || !string.IsNullOrEmpty(message))
        {
            throw new RowFetchException(string.IsNullOrEmpty(message) ? "The engine gave no reason." : message, NativeMethods.Query.DuckDBResultErrorType(ref _result));
        }
    }

    // Memory is read as what the types say, so they are looked at first.
    private void CheckColumns()
    {
        var types = TableSql.PlainTypes(_table);
        if ((int)NativeMethods.Query.DuckDBColumnCount(ref _result) != types.Length)
        {
            throw new InvalidDataException($"There are {NativeMethods.Query.DuckDBColumnCount(ref _result)} columns where '{_table}' has {types.Length}.");
        }

        for (var i = 0; i < types.Length; i++)
        {
            var found = NativeMethods.Query.DuckDBColumnType(ref _result, i);
            if (found != types[i])
            {
                throw new InvalidDataException($"The column '{_table.Columns[i].Name}' of '{_table}' is {found} and should be {types[i]}.");
            }
        }
    }

    private void Read(RowBuffer rows, int row)
    {
        var columns = _table.Columns;
        var writer = rows.AddRow();
        for (var i = 0; i < columns.Count; i++)
        {
            ref readonly var vector = ref _vectors[i];
            if (vector.IsNull(row))
            {
                if (!columns[i].IsNullable)
                {
                    throw Bad(columns[i], "null");
                }

                writer.Null();
                continue;
            }

            switch (columns[i].Type)
            {
                case ColumnType.UInt8:
                    writer.UInt8(vector.Data[row]);
                    break;
                case ColumnType.UInt16:
                    writer.UInt16(((ushort*)vector.Data)[row]);
                    break;
                case ColumnType.UInt32:
                    writer.UInt32(((uint*)vector.Data)[row]);
                    break;
                case ColumnType.UInt64:
                    writer.UInt64(((ulong*)vector.Data)[row]);
                    break;
                case ColumnType.Int64:
                    writer.Int64(((long*)vector.Data)[row]);
                    break;
                case ColumnType.Timestamp:
                    writer.Timestamp(((long*)vector.Data)[row]);
                    break;
                case ColumnType.Float32:
                    var single = ((float*)vector.Data)[row];
                    writer.Float32(float.IsFinite(single) ? single : throw Bad(columns[i], "no finite number"));
                    break;
                case ColumnType.Float64:
                    var number = ((double*)vector.Data)[row];
                    writer.Float64(double.IsFinite(number) ? number : throw Bad(columns[i], "no finite number"));
                    break;
                case ColumnType.Boolean:
                    writer.Boolean(vector.Data[row] != 0);
                    break;
                case ColumnType.Key:
                    writer.Key(in MemoryMarshal.AsRef<Pubkey>(Exactly(columns[i], vector.Bytes(row), Pubkey.Size)));
                    break;
                case ColumnType.Signature:
                    writer.Signature(in MemoryMarshal.AsRef<Signature>(Exactly(columns[i], vector.Bytes(row), Signature.Size)));
                    break;
                case ColumnType.Text:
                    writer.Text(vector.Bytes(row));
                    break;
                case ColumnType.Json:
                    writer.Json(vector.Bytes(row));
                    break;
                default:
                    writer.Bytes(vector.Bytes(row));
                    break;
            }
        }

        writer.Complete();
    }

    private ReadOnlySpan<byte> Exactly(HistoryColumn column, ReadOnlySpan<byte> bytes, int length) =>
        bytes.Length == length ? bytes : throw Bad(column, $"{bytes.Length} bytes");

    private InvalidDataException Bad(HistoryColumn column, string what) => new($"A row has {what} in the column '{column}' of '{_table}'.");

    private readonly struct Vector(byte* data, ulong* validity)
    {
        public byte* Data { get; } = data;

        public bool IsNull(int row) => validity is not null && (validity[row >> 6] & (1UL << (row & 63))) == 0;

        public ReadOnlySpan<byte> Bytes(int row)
        {
            var text = Data + ((long)row * StringBytes);
            var length = *(int*)text;
            return new ReadOnlySpan<byte>(length <= MaxInlined ? text + 4 : *(byte**)(text + 8), length);
        }
    }
}
