using System.Runtime.InteropServices;
using System.Text;

namespace Mev.Sdk.ClickHouseStand.Engine;

/// <summary>ClickHouse in this process, by the C interface of libchdb (<c>chdb.h</c>).</summary>
/// <remarks>One statement at a time; the caller sees to that.</remarks>
internal sealed unsafe class ChdbEngine : IDisposable
{
    private readonly delegate* unmanaged<nint, byte*, nuint, byte*, nuint, nint> _query;
    private readonly ChdbResult.Functions _functions;
    private readonly delegate* unmanaged<nint*, void> _close;
    private readonly InsertFunctions _insert;
    private readonly nint* _connection;

    /// <summary>Opens a database.</summary>
    /// <param name="library">Path of libchdb.so.</param>
    /// <param name="folder">Where its files go.</param>
    /// <exception cref="InvalidOperationException">It does not open.</exception>
    public ChdbEngine(string library, string folder)
    {
        var handle = NativeLibrary.Load(library);

        // Its handlers would take the runtime's signals.
        ((delegate* unmanaged<int, void>)NativeLibrary.GetExport(handle, "chdb_set_signal_handlers_enabled"))(0);
        _query = (delegate* unmanaged<nint, byte*, nuint, byte*, nuint, nint>)NativeLibrary.GetExport(handle, "chdb_query_n");
        _functions = new ChdbResult.Functions(handle);
        _insert = new InsertFunctions(handle);
        _close = (delegate* unmanaged<nint*, void>)NativeLibrary.GetExport(handle, "chdb_close_conn");
        var connect = (delegate* unmanaged<int, byte**, nint*>)NativeLibrary.GetExport(handle, "chdb_connect");
        fixed (byte* program = "clickhouse\0"u8, path = Encoding.UTF8.GetBytes($"--path={folder}\0"))
        {
            var args = stackalloc byte*[] { program, path };
            _connection = connect(2, args);
        }

        if (_connection is null || *_connection == 0)
        {
            throw new InvalidOperationException($"chdb opens no database in {folder}");
        }
    }

    /// <summary>Runs a statement.</summary>
    /// <param name="sql">The statement.</param>
    /// <returns>What it prints, tab-separated.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message is the engine's.</exception>
    public string Query(string sql)
    {
        using var result = Execute(Encoding.UTF8.GetBytes(sql), "TabSeparated"u8);
        return Encoding.UTF8.GetString(result.Bytes);
    }

    /// <summary>Runs a statement.</summary>
    /// <param name="sql">The statement, and behind an INSERT's format its data.</param>
    /// <param name="format">The format of the answer where the statement names none.</param>
    /// <returns>The answer, to be disposed of.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message is the engine's.</exception>
    public ChdbResult Execute(ReadOnlySpan<byte> sql, ReadOnlySpan<byte> format)
    {
        fixed (byte* query = sql, output = format)
        {
            var result = new ChdbResult(_functions, _query(*_connection, query, (nuint)sql.Length, output, (nuint)format.Length));
            try
            {
                result.ThrowIfFailed();
                return result;
            }
            catch
            {
                result.Dispose();
                throw;
            }
        }
    }

    /// <summary>Runs an INSERT whose data follow it as they are: a statement that is run with its data in one text may lose bytes that look like space.</summary>
    /// <param name="sql">The statement without its FORMAT.</param>
    /// <param name="format">The format of the data.</param>
    /// <param name="data">The data.</param>
    /// <exception cref="InvalidOperationException">It failed, and nothing was stored; the message is the engine's.</exception>
    public void Insert(ReadOnlySpan<byte> sql, ReadOnlySpan<byte> format, ReadOnlySpan<byte> data)
    {
        fixed (byte* query = sql, input = format, bytes = data)
        {
            var stream = _insert.Begin(*_connection, query, (nuint)sql.Length, input, (nuint)format.Length);
            try
            {
                ThrowIfFailed(stream);
                if (_insert.Append(stream, bytes, (nuint)data.Length) != 0)
                {
                    ThrowIfFailed(stream);
                    throw new InvalidOperationException("the engine takes no data");
                }

                using var result = new ChdbResult(_functions, _insert.Done(stream));
                result.ThrowIfFailed();
            }
            finally
            {
                _insert.Destroy(stream);
            }
        }
    }

    public void Dispose() => _close(_connection);

    private void ThrowIfFailed(nint stream)
    {
        var error = _insert.Error(stream);
        if (error is not null && *error != 0)
        {
            throw new InvalidOperationException(Marshal.PtrToStringUTF8((nint)error));
        }
    }

    private sealed class InsertFunctions(nint library)
    {
        public readonly delegate* unmanaged<nint, byte*, nuint, byte*, nuint, nint> Begin =
            (delegate* unmanaged<nint, byte*, nuint, byte*, nuint, nint>)NativeLibrary.GetExport(library, "chdb_stream_insert_n");

        public readonly delegate* unmanaged<nint, byte*, nuint, int> Append = (delegate* unmanaged<nint, byte*, nuint, int>)NativeLibrary.GetExport(library, "chdb_stream_append");
        public readonly delegate* unmanaged<nint, nint> Done = (delegate* unmanaged<nint, nint>)NativeLibrary.GetExport(library, "chdb_stream_done");
        public readonly delegate* unmanaged<nint, byte*> Error = (delegate* unmanaged<nint, byte*>)NativeLibrary.GetExport(library, "chdb_stream_insert_error");
        public readonly delegate* unmanaged<nint, void> Destroy = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, "chdb_destroy_insert_stream");
    }
}
