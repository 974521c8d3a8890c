using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Mev.Sdk.Storage.Relational;
using NativeAppender = DuckDB.NET.Native.DuckDBAppender;

namespace Mev.Sdk.Storage.DuckDb;

/// <summary>Loads rows into a table by DuckDB's data chunks: the columns of 2,048 rows at a time, written where DuckDB reads them.</summary>
/// <remarks>
/// The managed appender takes a value at a time, which is most of the time a projection takes; this writes each value once. The pointers of keys, signatures and texts lead into the
/// row buffer itself, which is pinned until DuckDB has copied the chunk.
/// </remarks>
internal static unsafe class RowLoader
{
    // duckdb_string_t: a 4-byte length, then up to 12 bytes in place, or the first 4 bytes and a pointer.
    private const int StringBytes = 16;
    private const int MaxInlined = 12;

    /// <summary>Adds rows to a table.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="catalog">The table's catalogue; null for the database's own.</param>
    /// <param name="table">The table, with the columns of <see cref="TableSql.Columns"/>.</param>
    /// <param name="rows">The rows.</param>
    /// <exception cref="DuckDBException">DuckDB refused.</exception>
    public static void Load(DuckDBConnection connection, string? catalog, string table, RowBuffer rows)
    {
        if (rows.RowCount == 0)
        {
            return;
        }

        var state = NativeMethods.Appender.DuckDBAppenderCreateExt(connection.NativeConnection, catalog!, "main", table, out var appender);
        using (appender)
        {
            Check(state, appender, table);
            fixed (byte* memory = rows.Bytes)
            {
                Fill(appender, table, rows);
            }

            Check(NativeMethods.Appender.DuckDBAppenderClose(appender), appender, table);
        }
    }

    private static void Fill(NativeAppender appender, string table, RowBuffer rows)
    {
        var types = TableSql.Types(rows.Table);
        var logical = Array.ConvertAll(types, static t => NativeMethods.LogicalType.DuckDBCreateLogicalType(t));
        try
        {
            var capacity = (int)NativeMethods.Helpers.DuckDBVectorSize();
            using var chunk = NativeMethods.DataChunks.DuckDBCreateDataChunk(Array.ConvertAll(logical, static l => l.DangerousGetHandle()), (ulong)types.Length);
            var vectors = new Vector[types.Length];
            var reader = rows.Read();
            for (var left = rows.RowCount; left > 0;)
            {
                for (var i = 0; i < vectors.Length; i++)
                {
                    var handle = NativeMethods.DataChunks.DuckDBDataChunkGetVector(chunk, i);
                    vectors[i] = new Vector(handle, (byte*)NativeMethods.Vectors.DuckDBVectorGetData(handle));
                }

                var count = Math.Min(left, capacity);
                for (var row = 0; row < count; row++)
                {
                    reader.NextRow();
                    WriteRow(ref reader, rows.Table, vectors, row);
                }

                NativeMethods.DataChunks.DuckDBDataChunkSetSize(chunk, (ulong)count);
                Check(NativeMethods.Appender.DuckDBAppendDataChunk(appender, chunk), appender, table);
                NativeMethods.DataChunks.DuckDBDataChunkReset(chunk);
                left -= count;
            }
        }
        finally
        {
            Array.ForEach(logical, static l => l.Dispose());
        }
    }

    private static void WriteRow(ref RowReader reader, HistoryTable table, Vector[] vectors, int row)
    {
        var columns = table.Columns;
        for (var i = 0; i < columns.Count; i++)
        {
            ref var vector = ref vectors[i];
            if (reader.ReadNull())
            {
                vector.SetNull(row);
                if (columns[i].Type == ColumnType.Signature && columns.Count < vectors.Length)
                {
                    vectors[^1].SetNull(row);
                }

                continue;
            }

            switch (columns[i].Type)
            {
                case ColumnType.UInt8:
                    vector.Data[row] = reader.ReadUInt8();
                    break;
                case ColumnType.UInt16:
                    ((ushort*)vector.Data)[row] = reader.ReadUInt16();
                    break;
                case ColumnType.UInt32:
                    ((uint*)vector.Data)[row] = reader.ReadUInt32();
                    break;
                case ColumnType.UInt64:
                    ((ulong*)vector.Data)[row] = reader.ReadUInt64();
                    break;
                case ColumnType.Int64:
                    ((long*)vector.Data)[row] = reader.ReadInt64();
                    break;
                case ColumnType.Timestamp:
                    ((long*)vector.Data)[row] = reader.ReadTimestamp();
                    break;
                case ColumnType.Float32:
                    ((float*)vector.Data)[row] = reader.ReadFloat32();
                    break;
                case ColumnType.Float64:
                    ((double*)vector.Data)[row] = reader.ReadFloat64();
                    break;
                case ColumnType.Boolean:
                    vector.Data[row] = reader.ReadBoolean() ? (byte)1 : (byte)0;
                    break;
                case ColumnType.Key:
                    vector.SetBytes(row, reader.ReadKey());
                    break;
                case ColumnType.Signature:
                    var signature = reader.ReadSignature();
                    vector.SetBytes(row, signature);
                    if (columns.Count < vectors.Length)
                    {
                        // The database's own column behind the last: the prefix of the signature.
                        ((ulong*)vectors[^1].Data)[row] = MemoryMarshal.Read<ulong>(signature);
                    }

                    break;
                default:
                    vector.SetBytes(row, reader.ReadBytes());
                    break;
            }
        }
    }

    private static void Check(DuckDBState state, NativeAppender appender, string table)
    {
        if (state == DuckDBState.Success)
        {
            return;
        }

        using var error = NativeMethods.Appender.DuckDBAppenderErrorData(appender);
        throw new IOException($"DuckDB did not take rows of '{table}': {NativeMethods.ErrorData.DuckDBErrorDataMessage(error)}");
    }

    private struct Vector(IntPtr handle, byte* data)
    {
        private ulong* _validity;

        public byte* Data { get; } = data;

        public void SetNull(int row)
        {
            if (_validity is null)
            {
                NativeMethods.Vectors.DuckDBVectorEnsureValidityWritable(handle);
                _validity = NativeMethods.Vectors.DuckDBVectorGetValidity(handle);
            }

            _validity[row >> 6] &= ~(1UL << (row & 63));
        }

        /// <param name="row">Where.</param>
        /// <param name="bytes">Within the pinned row buffer: a longer value is referred to, not copied.</param>
        public readonly void SetBytes(int row, ReadOnlySpan<byte> bytes)
        {
            var text = Data + ((long)row * StringBytes);
            *(int*)text = bytes.Length;
            if (bytes.Length <= MaxInlined)
            {
                *(ulong*)(text + 4) = 0;
                *(uint*)(text + 12) = 0;
                bytes.CopyTo(new Span<byte>(text + 4, MaxInlined));
                return;
            }

            var first = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes));
            *(uint*)(text + 4) = *(uint*)first;
            *(byte**)(text + 8) = first;
        }
    }
}
