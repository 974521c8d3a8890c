using System.Net.Sockets;

namespace Mev.Sdk.Ingest.Transports;

/// <summary>What a broken connection throws.</summary>
internal static class ConnectionErrors
{
    /// <summary>Whether the exception says that a connection is gone, as opposed to a mistake of ours.</summary>
    public static bool IsBroken(Exception exception) => exception is IOException or SocketException or ObjectDisposedException;

    /// <summary>The same, or a cancellation.</summary>
    public static bool IsBrokenOrCancelled(Exception exception) => exception is OperationCanceledException || IsBroken(exception);

    /// <summary>The message as a sentence.</summary>
    public static string Sentence(Exception exception) => $"{exception.Message.TrimEnd('.')}.";
}
