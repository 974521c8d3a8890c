using System.Buffers;
using System.Runtime.InteropServices;
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
        if (from.ValueKind == JsonValueKind.Object && to.ValueKind == JsonValueKind.Object)
        {
            return WriteObject(from, to, output);
        }

        if (from.ValueKind == JsonValueKind.Array && to.ValueKind == JsonValueKind.Array && from.GetArrayLength() == to.GetArrayLength())
        {
            return WriteArray(from, to, output);
        }

        if (JsonElement.DeepEquals(from, to))
        {
            return false;
        }

        output.Byte(Replace);
        output.Value(to);
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

    // Each value is looked at once: what differs is told by what its parts wrote.
    private static bool WriteObject(JsonElement from, JsonElement to, ResidualWriter output)
    {
        List<JsonProperty>? come = null;
        List<(string Name, ResidualWriter Difference)>? inside = null;
        ResidualWriter? difference = null;
        var known = 0;
        foreach (var member in to.EnumerateObject())
        {
            if (!TryGet(from, member, out var before))
            {
                (come ??= []).Add(member);
                continue;
            }

            known++;
            if (IsLeaf(member.Value) && JsonElement.DeepEquals(before, member.Value))
            {
                continue;
            }

            difference ??= new ResidualWriter();
            if (Write(before, member.Value, difference))
            {
                (inside ??= []).Add((member.Name, difference));
                difference = null;
            }
        }

        var gone = known == from.GetPropertyCount() ? null : Gone(from, to);
        if (gone is null or { Count: 0 } && come is null && inside is null)
        {
            return false;
        }

        output.Byte(InObject);
        output.Number(gone?.Count ?? 0);
        gone?.ForEach(name => output.Name(name, Names));
        output.Number(come?.Count ?? 0);
        foreach (var member in come ?? [])
        {
            output.Name(member.Name, Names);
            output.Value(member.Value);
        }

        output.Number(inside?.Count ?? 0);
        foreach (var (name, part) in inside ?? [])
        {
            output.Name(name, Names);
            output.Append(part);
        }

        return true;
    }

    private static List<string> Gone(JsonElement from, JsonElement to)
    {
        var gone = new List<string>();
        foreach (var member in from.EnumerateObject())
        {
            if (!TryGet(to, member, out _))
            {
                gone.Add(member.Name);
            }
        }

        return gone;
    }

    private static bool IsLeaf(JsonElement value) => value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array);

    private static bool TryGet(JsonElement parent, JsonProperty member, out JsonElement value)
    {
        var name = JsonMarshal.GetRawUtf8PropertyName(member);
        return name.Contains((byte)'\\') ? parent.TryGetProperty(member.Name, out value) : parent.TryGetProperty(name, out value);
    }

    // Enumerated and not indexed: an index is found by walking over all elements before it.
    private static bool WriteArray(JsonElement from, JsonElement to, ResidualWriter output)
    {
        List<(int Index, ResidualWriter Difference)>? inside = null;
        ResidualWriter? difference = null;
        var before = from.EnumerateArray();
        var index = 0;
        foreach (var element in to.EnumerateArray())
        {
            before.MoveNext();
            if (!IsLeaf(element) || !JsonElement.DeepEquals(before.Current, element))
            {
                difference ??= new ResidualWriter();
                if (Write(before.Current, element, difference))
                {
                    (inside ??= []).Add((index, difference));
                    difference = null;
                }
            }

            index++;
        }

        if (inside is null)
        {
            return false;
        }

        output.Byte(InArray);
        output.Number(inside.Count);
        foreach (var (place, part) in inside)
        {
            output.Number(place);
            output.Append(part);
        }

        return true;
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
        var i = 0;
        foreach (var element in from.EnumerateArray())
        {
            if (i++ != next)
            {
                element.WriteTo(output);
                continue;
            }

            Apply(element, ref residual, output, depth + 1);
            next = --left > 0 ? residual.Number() : -1;
        }

        output.WriteEndArray();
        if (left > 0)
        {
            throw ResidualReader.Broken();
        }
    }
}
