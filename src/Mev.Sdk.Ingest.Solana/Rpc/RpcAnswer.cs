using System.Globalization;
using System.Text.Json;
using Mev.Sdk.Ingest.Solana.Blocks;

namespace Mev.Sdk.Ingest.Solana.Rpc;

/// <summary>Reads the envelope of an answer.</summary>
internal static class RpcAnswer
{
    /// <summary>Reads a small answer; <paramref name="read"/> gets its result.</summary>
    public static RpcVerdict Read(RpcBody body, Action<JsonElement> read)
    {
        try
        {
            using var document = JsonDocument.Parse(body.Memory);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return new RpcVerdict(RpcOutcome.NotJson, "the answer is no JSON-RPC object");
            }

            if (root.TryGetProperty("error"u8, out var error) && error.ValueKind != JsonValueKind.Null)
            {
                return Error(error);
            }

            if (!root.TryGetProperty("result"u8, out var result))
            {
                return new RpcVerdict(RpcOutcome.Unusable, "the answer has neither result nor error");
            }

            read(result);
            return new RpcVerdict(RpcOutcome.Ok);
        }
        catch (JsonException)
        {
            return Broken(body);
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException or KeyNotFoundException)
        {
            // What was thrown speaks of the parser's states, not of the node's answer.
            return new RpcVerdict(RpcOutcome.Unusable, "the result has another shape than this method's");
        }
    }

    /// <summary>Reads an answer to <c>getBlock</c>.</summary>
    public static RpcVerdict ReadBlock(RpcBody body, BlockDecoder decoder, ulong slot, Records.SightingStage stage, DecodedBlock block) =>
        decoder.Read(body.Span, slot, stage, block) switch
        {
            BlockReadStatus.Ok => new RpcVerdict(RpcOutcome.Ok),
            BlockReadStatus.RpcError => Error(block.ErrorCode, block.Problem),
            BlockReadStatus.NoBlock => new RpcVerdict(RpcOutcome.NotYet, block.Problem),
            BlockReadStatus.Broken => Broken(body) with { Problem = block.Problem },
            _ => new RpcVerdict(RpcOutcome.Unusable, block.Problem),
        };

    private static RpcVerdict Error(JsonElement error)
    {
        var code = error.ValueKind == JsonValueKind.Object && error.TryGetProperty("code"u8, out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out var value) ? value : 0;
        var text = error.ValueKind == JsonValueKind.Object && error.TryGetProperty("message"u8, out var message) && message.ValueKind == JsonValueKind.String ? message.GetString()! : "no message";
        return Error(code, text);
    }

    private static RpcVerdict Error(long code, string message) =>
        new(RpcErrors.Classify(code), string.Create(CultureInfo.InvariantCulture, $"JSON-RPC error {code}: {message}"));

    // What begins like JSON and is none ended in the middle.
    private static RpcVerdict Broken(RpcBody body)
    {
        var text = body.Span.TrimStart(" \t\r\n"u8);
        return text.StartsWith("{"u8)
            ? new RpcVerdict(RpcOutcome.Truncated, string.Create(CultureInfo.InvariantCulture, $"the JSON breaks off or is broken, {body.Length} bytes"))
            : new RpcVerdict(RpcOutcome.NotJson, body.Length == 0 ? "the answer is empty" : text.StartsWith("<"u8) ? "the answer is a web page, not JSON" : "the answer is not JSON");
    }
}
