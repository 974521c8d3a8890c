using System.Globalization;

namespace Mev.Sdk.ClickHouseStand;

/// <summary>What the stand was told on its command line: <c>--library F --path F --port N [--user U --password P] [--read-only]</c>.</summary>
internal sealed record StandOptions(string Library, string Path, int Port, string User, string Password, bool ReadOnly)
{
    public static StandOptions Parse(string[] args)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Length; i++)
        {
            values[args[i]] = args[i] == "--read-only" ? "" : i + 1 < args.Length ? args[++i] : throw new ArgumentException($"{args[i]} needs a value.");
        }

        string Get(string name, string? fallback = null) =>
            values.TryGetValue(name, out var value) ? value : fallback ?? throw new ArgumentException($"{name} is missing.");
        return new StandOptions(
            Get("--library"), Get("--path"), int.Parse(Get("--port"), CultureInfo.InvariantCulture), Get("--user", "default"), Get("--password", ""), values.ContainsKey("--read-only"));
    }
}
