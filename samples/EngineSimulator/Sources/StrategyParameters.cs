using System.Text.Json;
using Mev.Sdk.Simulation;

namespace EngineSimulator.Sources;

/// <summary>The parameters that the simulated engine's strategy takes: a JSON object with any of <c>enabled</c> and <c>minimumProfitLamports</c>.</summary>
/// <param name="IsEnabled">Whether it acts on what it sees.</param>
/// <param name="MinimumProfitLamports">Net of cost, an opportunity below this is not reported.</param>
internal sealed record StrategyParameters(bool IsEnabled, ulong MinimumProfitLamports)
{
    private const ulong MostLamports = 1_000_000_000_000;

    public static StrategyParameters Of(MarketStrategy strategy) => new(strategy.IsEnabled, strategy.MinimumProfitLamports);

    /// <summary>These with an update's changes.</summary>
    /// <returns>Null when the update is refused.</returns>
    public StrategyParameters? With(ReadOnlyMemory<byte> json, out string reason)
    {
        using var document = JsonDocument.Parse(json);
        var changed = this;
        reason = "";
        foreach (var property in document.RootElement.EnumerateObject())
        {
            switch (property.Name)
            {
                case "enabled" when property.Value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                    changed = changed with { IsEnabled = property.Value.GetBoolean() };
                    break;
                case "minimumProfitLamports" when property.Value.ValueKind == JsonValueKind.Number
                    && property.Value.TryGetUInt64(out var lamports) && lamports is >= 1 and <= MostLamports:
                    changed = changed with { MinimumProfitLamports = lamports };
                    break;
                case "enabled":
                    reason = "enabled takes true or false.";
                    return null;
                case "minimumProfitLamports":
                    reason = $"minimumProfitLamports takes whole lamports from 1 to {MostLamports}.";
                    return null;
                default:
                    reason = $"there is no parameter '{property.Name}'; there are: enabled, minimumProfitLamports.";
                    return null;
            }
        }

        return changed;
    }

    public byte[] ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteBoolean("enabled", IsEnabled);
            json.WriteNumber("minimumProfitLamports", MinimumProfitLamports);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
