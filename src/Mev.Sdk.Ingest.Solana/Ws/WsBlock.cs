using System.Text.Json;

namespace Mev.Sdk.Ingest.Solana.Ws;

/// <summary>Finds the block within a <c>blockNotification</c>.</summary>
internal static class WsBlock
{
    /// <summary>Finds slot and block.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="slot">The slot; 0 = not found.</param>
    /// <param name="block">Where the block's object stands.</param>
    /// <param name="problem">Why there is none.</param>
    public static bool TryFind(ReadOnlySpan<byte> message, out ulong slot, out Range block, out string problem)
    {
        slot = 0;
        block = default;
        problem = "it has no block";
        var found = false;
        var reader = new Utf8JsonReader(message, isFinalBlock: true, new JsonReaderState(new JsonReaderOptions { MaxDepth = 128 }));
        try
        {
            // params.result.value.{slot, block, err}; the only block and slot at that depth.
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 4)
                {
                    continue;
                }

                if (reader.ValueTextEquals("slot"u8))
                {
                    reader.Read();
                    if (reader.TokenType == JsonTokenType.Number && reader.TryGetUInt64(out var number))
                    {
                        slot = number;
                    }
                }
                else if (reader.ValueTextEquals("block"u8))
                {
                    reader.Read();
                    var start = (int)reader.TokenStartIndex;
                    found = reader.TokenType == JsonTokenType.StartObject;
                    reader.Skip();
                    block = start..(int)reader.BytesConsumed;
                }
                else if (reader.ValueTextEquals("err"u8))
                {
                    reader.Read();
                    problem = reader.TokenType == JsonTokenType.String ? reader.GetString() ?? problem : problem;
                    reader.Skip();
                }
            }

            return found && slot != 0;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            problem = "the message is broken";
            return false;
        }
    }
}
