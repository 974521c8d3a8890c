using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mev.Sdk.Ingest.Solana.Tests.Support;

/// <summary>Every answer that differs from a good one at one place: another type, null, absurd numbers, broken text, nothing.</summary>
internal static class JsonMutations
{
    private const string Placeholder = "@lone-surrogate@";

    private static readonly string[] Values =
    [
        "null", "true", "7", "-1", "1.5", "1e300", "18446744073709551615", "9223372036854775807", "99999999999999999999999", "\"\"", "\"x\"", $"\"{Placeholder}\"",
        $"\"{new string('y', 3000)}\"", "[]", "[null]", "[[]]", "[1,2,3]", "{}", "{\"a\":null}",
    ];

    public static IEnumerable<string> Of(string json)
    {
        var paths = new List<object[]>();
        Collect(JsonNode.Parse(json), [], paths);
        foreach (var path in paths)
        {
            foreach (var value in Values)
            {
                yield return With(json, path, value);
            }

            if (path.Length > 0)
            {
                yield return With(json, path, null);
            }
        }

        for (var length = 0; length < json.Length; length += Math.Max(1, json.Length / 40))
        {
            yield return json[..length];
        }
    }

    private static void Collect(JsonNode? node, object[] path, List<object[]> paths)
    {
        paths.Add(path);
        if (node is JsonObject members)
        {
            foreach (var (name, member) in members)
            {
                Collect(member, [.. path, name], paths);
            }
        }
        else if (node is JsonArray items)
        {
            for (var i = 0; i < items.Count; i++)
            {
                Collect(items[i], [.. path, i], paths);
            }
        }
    }

    private static string With(string json, object[] path, string? value)
    {
        if (path.Length == 0)
        {
            return Text(JsonNode.Parse(value!));
        }

        var root = JsonNode.Parse(json)!;
        var parent = root;
        foreach (var step in path[..^1])
        {
            parent = step is string name ? parent[name]! : parent[(int)step]!;
        }

        switch (path[^1])
        {
            case string name when value is null:
                parent.AsObject().Remove(name);
                break;
            case string name:
                parent[name] = JsonNode.Parse(value);
                break;
            case int index when value is null:
                parent.AsArray().RemoveAt(index);
                break;
            case int index:
                parent[index] = JsonNode.Parse(value);
                break;
        }

        return Text(root);
    }

    private static string Text(JsonNode? node) => (node?.ToJsonString(JsonSerializerOptions.Default) ?? "null").Replace(Placeholder, "\\ud800", StringComparison.Ordinal);
}
