using System.Net.Sockets;

namespace Mev.Sdk.Ingest.Transports.Unix;

/// <summary>Listens on a Unix socket's file.</summary>
internal static class UnixListening
{
    /// <summary>Binds and listens; takes the place of a socket file that nobody listens on any more.</summary>
    /// <exception cref="IOException">Somebody listens there, something else stands there, or the folder is missing or closed to this user.</exception>
    public static Socket Listen(string path, UnixFileMode mode)
    {
        RemoveStale(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            Bind(socket, path, mode);
            socket.Listen();
            return socket;
        }
        catch (Exception exception) when (exception is SocketException or UnauthorizedAccessException)
        {
            socket.Dispose();
            var remedy = Directory.Exists(Path.GetDirectoryName(path))
                ? "Choose a shorter path or a folder that this user may write."
                : $"Create the folder {Path.GetDirectoryName(path)} first.";
            throw new IOException($"The engine cannot listen on unix://{path}: {ConnectionErrors.Sentence(exception)} {remedy}", exception);
        }
    }

    // Between bind and chmod anyone could connect, were it not for listen, which comes after both.
    private static void Bind(Socket socket, string path, UnixFileMode mode)
    {
        socket.Bind(new UnixDomainSocketEndPoint(path));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    // A socket's file cannot be opened.
    private static bool IsOrdinary(string path)
    {
        try
        {
            using var handle = File.OpenHandle(path);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void RemoveStale(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        if (IsOrdinary(path))
        {
            throw new IOException($"The engine cannot listen on unix://{path}: a file that is no socket stands there. Choose another path, or remove it.");
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            // Its owner is gone, as after a kill.
            File.Delete(path);
            return;
        }
        catch (SocketException exception)
        {
            throw new IOException($"The engine cannot listen on unix://{path}: {ConnectionErrors.Sentence(exception)} Choose another path, or remove the file.", exception);
        }

        throw new IOException($"The engine cannot listen on unix://{path}: another process listens there. End it, or choose another path.");
    }
}
