using System.Runtime.InteropServices;
using System.Text;

namespace Mev.Sdk.Benchmarks.Peers.Stores;

/// <summary>ClickHouse in this process, by the C interface of libchdb (<c>chdb.h</c>).</summary>
internal sealed unsafe class ChdbEngine : IDisposable
{
    private readonly delegate* unmanaged<nint, byte*, nuint, byte*, nuint, nint> _query;
    private readonly delegate* unmanaged<nint, byte*> _buffer;
    private readonly delegate* unmanaged<nint, nuint> _length;
    private readonly delegate* unmanaged<nint, byte*> _error;
    private readonly delegate* unmanaged<nint, void> _destroy;
    private readonly delegate* unmanaged<nint*, void> _close;
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
        _buffer = (delegate* unmanaged<nint, byte*>)NativeLibrary.GetExport(handle, "chdb_result_buffer");
        _length = (delegate* unmanaged<nint, nuint>)NativeLibrary.GetExport(handle, "chdb_result_length");
        _error = (delegate* unmanaged<nint, byte*>)NativeLibrary.GetExport(handle, "chdb_result_error");
        _destroy = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(handle, "chdb_destroy_query_result");
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
        var text = Encoding.UTF8.GetBytes(sql);
        var format = "TabSeparated"u8;
        fixed (byte* query = text, output = format)
        {
            var result = _query(*_connection, query, (nuint)text.Length, output, (nuint)format.Length);
            try
            {
                if (result == 0)
                {
                    throw new InvalidOperationException("no result");
                }

                var error = _error(result);
                if (error is not null && *error != 0)
                {
                    throw new InvalidOperationException(Marshal.PtrToStringUTF8((nint)error));
                }

                var buffer = _buffer(result);
                return buffer is null ? "" : Encoding.UTF8.GetString(buffer, checked((int)_length(result)));
            }
            finally
            {
                if (result != 0)
                {
                    _destroy(result);
                }
            }
        }
    }

    public void Dispose() => _close(_connection);
}
