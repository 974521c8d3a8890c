using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Mev.Sdk.Solana.Json;

/// <summary>The difference between two JSON values as few bytes: written from both, applied to the first to get the second.</summary>
/// <remarks>
/// A node is a byte and what it calls for. Replace: the raw value. Object: members that go, members that come or are replaced, members that differ inside. Array (of the same
/// length): elements that differ inside. Names that renderings use are one byte.
/// </remarks>
internal static class JsonResidual
{
    private const byte Replace = 0;
    private const byte InObject = 1;
    private const byte InArray = 2;
    private const int MaxDepth = 64; // JsonDocument's own default

    private static readonly string[] Names =
    [
        "meta", "transaction", "message", "version", "slot", "blockTime", "rewards", "status", "returnData", "costUnits", "computeUnitsConsumed", "err", "fee",
        "innerInstructions", "instructions", "logMessages", "preTokenBalances", "postTokenBalances", "uiTokenAmount", "uiAmount", "uiAmountString", "loadedAddresses",
        "accountKeys", "addressTableLookups", "stackHeight", "parsed", "program", "info", "type", "accounts", "data", "programIdIndex", "programId", "owner", "index",
        "writable", "readonly", "signer", "source", "pubkey", "header", "signatures", "recentBlockhash", "preBalances", "postBalances", "amount", "decimals", "mint",
    ];

    /// <summary>Writes the difference.</summary>
    /// <returns>Whether there is any; when not, nothing was written.</returns>
    public static bool Write(JsonElement from, JsonElement to, ResidualWriter output)
    {
        if (JsonElement.DeepEquals(from, to))
        {
            return false;
        }

        if (from.ValueKind == JsonValueKind.Object && to.ValueKind == JsonValueKind.Object)
        {
            WriteObject(from, to, output);
        }
        else if (from.ValueKind == JsonValueKind.Array && to.ValueKind == JsonValueKind.Array && from.GetArrayLength() == to.GetArrayLength())
        {
            WriteArray(from, to, output);
        }
        else
        {
            output.Byte(Replace);
            output.Value(to);
        }

        return true;
    }

    /// <summary>Writes the first value with a difference applied to it.</summary>
    /// <param name="from">The first value.</param>
    /// <param name="residual">The difference, read from its front.</param>
    /// <param name="output">Where the second value goes.</param>
    /// <param name="depth">How deep the value stands.</param>
    /// <exception cref="InvalidDataException">The difference is not one, or not from this value.</exception>
    public static void Apply(JsonElement from, ref ResidualReader residual, Utf8JsonWriter output, int depth = 0)
    {
        switch (depth > MaxDepth ? byte.MaxValue : residual.Byte())
        {
            case Replace:
                output.WriteRawValue(residual.Bytes());
                break;
            case InObject when from.ValueKind == JsonValueKind.Object:
                ApplyObject(from, ref residual, output, depth);
                break;
            case InArray when from.ValueKind == JsonValueKind.Array:
                ApplyArray(from, ref residual, output, depth);
                break;
            default:
                throw ResidualReader.Broken();
        }
    }

    private static void WriteObject(JsonElement from, JsonElement to, ResidualWriter output)
    {
        var (gone, come, inside) = (new List<string>(), new List<JsonProperty>(), new List<(string Name, ResidualWriter Difference)>());
        foreach (var member in from.EnumerateObject())
        {
            if (!to.TryGetProperty(member.Name, out _))
            {
                gone.Add(member.Name);
            }
        }

        foreach (var member in to.EnumerateObject())
        {
            var difference = new ResidualWriter();
            if (!from.TryGetProperty(member.Name, out var before))
            {
                come.Add(member);
            }
            else if (Write(before, member.Value, difference))
            {
                inside.Add((member.Name, difference));
            }
        }

        output.Byte(InObject);
        output.Number(gone.Count);
        gone.ForEach(name => output.Name(name, Names));
        output.Number(come.Count);
        foreach (var member in come)
        {
            output.Name(member.Name, Names);
            output.Value(member.Value);
        }

        output.Number(inside.Count);
        foreach (var (name, difference) in inside)
        {
            output.Name(name, Names);
            output.Append(difference);
        }
    }

    private static void WriteArray(JsonElement from, JsonElement to, ResidualWriter output)
    {
        var inside = new List<(int Index, ResidualWriter Difference)>();
        for (var i = 0; i < to.GetArrayLength(); i++)
        {
            var difference = new ResidualWriter();
            if (Write(from[i], to[i], difference))
            {
                inside.Add((i, difference));
            }
        }

        output.Byte(InArray);
        output.Number(inside.Count);
        foreach (var (index, difference) in inside)
        {
            output.Number(index);
            output.Append(difference);
        }
    }

    private static void ApplyObject(JsonElement from, ref ResidualReader residual, Utf8JsonWriter output, int depth)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (var count = residual.Count(); count > 0; count--)
        {
            taken.Add(residual.Name(Names));
        }

        output.WriteStartObject();
        for (var count = residual.Count(); count > 0; count--)
        {
            output.WritePropertyName(residual.Name(Names));
            output.WriteRawValue(residual.Bytes());
        }

        for (var count = residual.Count(); count > 0; count--)
        {
            var name = residual.Name(Names);
            if (!taken.Add(name) || !from.TryGetProperty(name, out var before))
            {
                throw ResidualReader.Broken();
            }

            output.WritePropertyName(name);
            Apply(before, ref residual, output, depth + 1);
        }

        foreach (var member in from.EnumerateObject())
        {
            if (!taken.Contains(member.Name))
            {
                member.WriteTo(output);
            }
        }

        output.WriteEndObject();
    }

    private static void ApplyArray(JsonElement from, ref ResidualReader residual, Utf8JsonWriter output, int depth)
    {
        var left = residual.Count();
        var next = left > 0 ? residual.Number() : -1;
        output.WriteStartArray();
        for (var i = 0; i < from.GetArrayLength(); i++)
        {
            if (i != next)
            {
                from[i].WriteTo(output);
                continue;
            }

            Apply(from[i], ref residual, output, depth + 1);
            next = --left > 0 ? residual.Number() : -1;
        }

        output.WriteEndArray();
        if (left > 0)
        {
            throw ResidualReader.Broken();
        }
    }
}
