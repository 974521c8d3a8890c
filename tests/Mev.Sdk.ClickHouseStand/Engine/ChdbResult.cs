using System.Runtime.InteropServices;

namespace Mev.Sdk.ClickHouseStand.Engine;

/// <summary>An answer, in the engine's memory until it is disposed of.</summary>
internal sealed unsafe class ChdbResult : IDisposable
{
    private readonly Functions _functions;
    private nint _handle;

    public ChdbResult(Functions functions, nint handle)
    {
        _functions = functions;
        _handle = handle;
    }

    /// <summary>What the statement printed; valid until this is disposed of.</summary>
    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, this);
            var buffer = _functions.Buffer(_handle);
            return buffer is null ? [] : new ReadOnlySpan<byte>(buffer, checked((int)_functions.Length(_handle)));
        }
    }

    public void ThrowIfFailed()
    {
        if (_handle == 0)
        {
            throw new InvalidOperationException("no result");
        }

        var error = _functions.Error(_handle);
        if (error is not null && *error != 0)
        {
            throw new InvalidOperationException(Marshal.PtrToStringUTF8((nint)error));
        }
    }

    public void Dispose()
    {
        if (_handle != 0)
        {
            _functions.Destroy(_handle);
            _handle = 0;
        }
    }

    internal sealed class Functions(nint library)
    {
        public readonly delegate* unmanaged<nint, byte*> Buffer = (delegate* unmanaged<nint, byte*>)NativeLibrary.GetExport(library, "chdb_result_buffer");
        public readonly delegate* unmanaged<nint, nuint> Length = (delegate* unmanaged<nint, nuint>)NativeLibrary.GetExport(library, "chdb_result_length");
        public readonly delegate* unmanaged<nint, byte*> Error = (delegate* unmanaged<nint, byte*>)NativeLibrary.GetExport(library, "chdb_result_error");
        public readonly delegate* unmanaged<nint, void> Destroy = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, "chdb_destroy_query_result");
    }
}
