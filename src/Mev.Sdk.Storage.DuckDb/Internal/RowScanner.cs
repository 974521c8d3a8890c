using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.DuckDb.Internal;

/// <summary>Reads rows of a table out of DuckDB's data chunks into RowBinary: the way back of <see cref="RowLoader"/>.</summary>
internal static unsafe class RowScanner
{
    // duckdb_string_t: a 4-byte length, then up to 12 bytes in place, or the first 4 bytes and a pointer.
    private const int StringBytes = 16;
    private const int MaxInlined = 12;

    /// <summary>Asks a question whose columns are those of a table, in its order.</summary>
    /// <param name="connection">An open connection; a transaction that is open on it is the snapshot.</param>
    /// <param name="table">The table.</param>
    /// <param name="sql">This package's own statement.</param>
    /// <param name="buffer">Takes the rows, some thousands at a time: it is cleared before each.</param>
    /// <returns>How many rows are in the buffer, once each time it was filled.</returns>
    /// <exception cref="IOException">DuckDB refused.</exception>
    /// <exception cref="InvalidDataException">A column has another type than the catalogue says.</exception>
    public static IEnumerable<int> Read(DuckDBConnection connection, HistoryTable table, string sql, RowBuffer buffer)
    {
        var result = Query(connection, table, sql);
        try
        {
            while (Fill(result, table, buffer) is > 0 and var rows)
            {
                yield return rows;
            }
        }
        finally
        {
            NativeMethods.Query.DuckDBDestroyResult(ref result);
        }
    }

    private static DuckDBResult Query(DuckDBConnection connection, HistoryTable table, string sql)
    {
        var state = NativeMethods.Query.DuckDBQuery(connection.NativeConnection, sql, out var result);
        try
        {
            if (state != DuckDBState.Success)
            {
                throw new IOException($"DuckDB did not give rows of '{table.Name}': {NativeMethods.Query.DuckDBResultError(ref result)}");
            }

            var types = TableSql.Types(table);
            for (var i = 0; i < table.Columns.Count; i++)
            {
                if (NativeMethods.Query.DuckDBColumnType(ref result, i) is var type && type != types[i])
                {
                    throw new InvalidDataException($"The column '{table.Columns[i].Name}' of '{table.Name}' is {type} in the database, and {types[i]} in this version of the SDK: build the database again from the journal.");
                }
            }

            return result;
        }
        catch
        {
            NativeMethods.Query.DuckDBDestroyResult(ref result);
            throw;
        }
    }

    // Four chunks: some thousands of rows.
    private static int Fill(DuckDBResult result, HistoryTable table, RowBuffer buffer)
    {
        const int MaxChunks = 4;
        buffer.Clear();
        for (var i = 0; i < MaxChunks; i++)
        {
            using var chunk = NativeMethods.Query.DuckDBFetchChunk(result);
            if (chunk.IsInvalid)
            {
                break;
            }

            var count = (int)NativeMethods.DataChunks.DuckDBDataChunkGetSize(chunk);
            var vectors = new Vector[table.Columns.Count];
            for (var column = 0; column < vectors.Length; column++)
            {
                var handle = NativeMethods.DataChunks.DuckDBDataChunkGetVector(chunk, column);
                vectors[column] = new Vector((byte*)NativeMethods.Vectors.DuckDBVectorGetData(handle), NativeMethods.Vectors.DuckDBVectorGetValidity(handle));
            }

            for (var row = 0; row < count; row++)
            {
                AddRow(table, vectors, row, buffer);
            }
        }

        return buffer.RowCount;
    }

    private static void AddRow(HistoryTable table, Vector[] vectors, int row, RowBuffer buffer)
    {
        var writer = buffer.AddRow();
        for (var i = 0; i < vectors.Length; i++)
        {
            ref readonly var vector = ref vectors[i];
            if (vector.IsNull(row))
            {
                writer.Null();
                continue;
            }

            switch (table.Columns[i].Type)
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
                    writer.Float32(((float*)vector.Data)[row]);
                    break;
                case ColumnType.Float64:
                    writer.Float64(((double*)vector.Data)[row]);
                    break;
                case ColumnType.Boolean:
                    writer.Boolean(vector.Data[row] != 0);
                    break;
                case ColumnType.Key:
                    writer.Key(in Fixed<Pubkey>(vector.Bytes(row), table, i));
                    break;
                case ColumnType.Signature:
                    writer.Signature(in Fixed<Signature>(vector.Bytes(row), table, i));
                    break;
                case ColumnType.Bytes:
                    writer.Bytes(vector.Bytes(row));
                    break;
                case ColumnType.Text:
                    writer.Text(vector.Bytes(row));
                    break;
                default:
                    writer.Json(vector.Bytes(row));
                    break;
            }
        }

        writer.Complete();
    }

    private static ref readonly T Fixed<T>(ReadOnlySpan<byte> bytes, HistoryTable table, int column)
        where T : unmanaged
    {
        if (bytes.Length != Unsafe.SizeOf<T>())
        {
            throw new InvalidDataException(
                $"A value of '{table.Columns[column].Name}' in '{table.Name}' has {bytes.Length} bytes instead of {Unsafe.SizeOf<T>()}: the database is damaged; build it again from the journal.");
        }

        return ref MemoryMarshal.AsRef<T>(bytes);
    }

    private readonly struct Vector(byte* data, ulong* validity)
    {
        public byte* Data { get; } = data;

        public bool IsNull(int row) => validity is not null && (validity[row >> 6] & (1UL << (row & 63))) == 0;

        /// <summary>Valid as long as the chunk.</summary>
        public ReadOnlySpan<byte> Bytes(int row)
        {
            var text = Data + ((long)row * StringBytes);
            var length = *(int*)text;
            return new ReadOnlySpan<byte>(length <= MaxInlined ? text + 4 : *(byte**)(text + 8), length);
        }
    }
}
