using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Mev.Sdk.DashboardHost.Engine;

/// <summary>Turns what stops a start into the one line its user needs.</summary>
internal static class FailureText
{
    /// <summary>The line, or null when the failure is none that a user can mend and its stack trace is worth more.</summary>
    public static string? Describe(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions: [var only] } => Describe(only),
        StartupException => exception.Message,
        OptionsValidationException options => string.Join(' ', options.Failures),
        IOException { InnerException: AddressInUseException } =>
            $"{exception.Message.TrimEnd('.')}. Another program listens there; stop it, or choose another port with --urls http://127.0.0.1:PORT.",
        SocketException socket => $"The network refused: {socket.Message}.",
        // A configuration file that is no JSON: the system names the file, the parser the place.
        InvalidDataException { InnerException: FormatException { InnerException: JsonException json } } =>
            $"{exception.Message.TrimEnd('.')}: line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1} is where it stops being JSON.",

        // Binding a configuration value to its type names the key.
        InvalidOperationException { InnerException: FormatException or ArgumentException or OverflowException } => exception.Message,
        InvalidOperationException when IsOurs(exception) => exception.Message,
        IOException or UnauthorizedAccessException or InvalidDataException => exception.Message,
        ArgumentException when exception.Message.Contains("Mev:", StringComparison.Ordinal) => exception.Message,
        _ => exception.InnerException is { } inner ? Describe(inner) : null,
    };

    private static bool IsOurs(Exception exception) => exception.Message.Contains("Mev:", StringComparison.Ordinal);
}
