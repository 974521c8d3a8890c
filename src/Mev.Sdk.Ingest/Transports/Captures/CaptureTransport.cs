using Microsoft.Win32.SafeHandles;

namespace Mev.Sdk.Ingest.Transports.Captures;

/// <summary>Opens a capture as if it were an engine.</summary>
internal sealed class CaptureTransport(string path, bool follow, TimeProvider time) : ITransport
{
    /// <summary>Reads what stands behind a capture's path.</summary>
    public static bool TryReadQuery(string query, out bool follow)
    {
        follow = string.Equals(query, "?follow=true", StringComparison.OrdinalIgnoreCase);
        return follow || query.Length == 0 || string.Equals(query, "?follow=false", StringComparison.OrdinalIgnoreCase);
    }

    public ValueTask<IStreamConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        SafeFileHandle handle;
        try
        {
            handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IOException($"there is no file {path}; correct the path of Endpoint, or make the capture with CaptureFolder.", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"this user may not read {path}; give the host's user the right to, or copy the capture.", exception);
        }

        try
        {
            var index = CaptureIndex.Read(handle, path, cancellationToken);
            return new ValueTask<IStreamConnection>(new CaptureConnection(handle, path, index, follow, time));
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }
}
