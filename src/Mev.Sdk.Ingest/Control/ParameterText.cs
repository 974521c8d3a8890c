using System.Text;
using System.Text.Json;

namespace Mev.Sdk.Ingest.Control;

/// <summary>Checks what a caller wants to send as parameters.</summary>
internal static class ParameterText
{
    public const int MaxBytes = 1 << 20;
    private const int MaxActorBytes = 256;

    /// <summary>The parameters in UTF-8.</summary>
    /// <exception cref="ArgumentException">The request cannot be sent; the message says why.</exception>
    public static byte[] Check(ParameterRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (string.IsNullOrWhiteSpace(request.Actor) || Encoding.UTF8.GetByteCount(request.Actor) > MaxActorBytes)
        {
            throw new ArgumentException($"Actor is missing or longer than {MaxActorBytes} bytes; name who asks, since the change is journaled with it.", nameof(request));
        }

        var bytes = Encoding.UTF8.GetBytes(request.Parameters ?? "");
        if (bytes.Length > MaxBytes)
        {
            throw new ArgumentException($"The parameters have {bytes.Length} bytes in UTF-8; at most {MaxBytes} can be sent.", nameof(request));
        }

        try
        {
            var reader = new Utf8JsonReader(bytes);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw new ArgumentException("The parameters are no JSON object; give for example {\"enabled\":true}.", nameof(request));
            }

            reader.Skip();
            if (reader.Read())
            {
                throw new ArgumentException("Something stands behind the JSON object of the parameters.", nameof(request));
            }
        }
        catch (JsonException exception)
        {
            // Counted from 1, as editors do; the parser's own words are about its states.
            throw new ArgumentException(
                $"The parameters are no JSON object: line {(exception.LineNumber ?? 0) + 1}, byte {(exception.BytePositionInLine ?? 0) + 1} is where they stop being JSON; give for example {{\"enabled\":true}}.",
                nameof(request),
                exception);
        }

        return bytes;
    }
}
