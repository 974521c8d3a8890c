using System.Text;
using System.Text.RegularExpressions;
using Mev.Sdk.ClickHouseStand.Engine;

namespace Mev.Sdk.ClickHouseStand;

/// <summary>The one connection's database, settings and parameters, brought from one request's to the next one's.</summary>
internal sealed partial class SessionState(ChdbEngine engine)
{
    private readonly Dictionary<string, string> _settings = new(StringComparer.Ordinal);
    private string _database = "default";

    public void Bring(string database, IReadOnlyDictionary<string, string> settings)
    {
        foreach (var name in _settings.Keys.Where(name => !settings.ContainsKey(name)).ToArray())
        {
            if (!name.StartsWith("param_", StringComparison.Ordinal))
            {
                Run($"SET {name} = DEFAULT");
            }

            _settings.Remove(name);
        }

        foreach (var (name, value) in settings)
        {
            if (!Name().IsMatch(name))
            {
                throw new InvalidOperationException($"Code: 115. DB::Exception: Setting {name} is neither a builtin setting nor started with the prefix 'param_'");
            }

            if (!_settings.TryGetValue(name, out var current) || current != value)
            {
                Run($"SET {name} = '{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'");
                _settings[name] = value;
            }
        }

        if (database != _database)
        {
            Run($"USE `{database.Replace("`", "", StringComparison.Ordinal)}`");
            _database = database;
        }
    }

    private void Run(string statement) => engine.Execute(Encoding.UTF8.GetBytes(statement), "Null"u8).Dispose();

    [GeneratedRegex("^[A-Za-z0-9_]+$")]
    private static partial Regex Name();
}
