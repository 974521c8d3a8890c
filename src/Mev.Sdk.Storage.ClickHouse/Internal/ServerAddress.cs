using System.Globalization;
using System.Text;

namespace Mev.Sdk.Storage.ClickHouse.Internal;

/// <summary>Addresses of requests: the statement in the body, everything about it in the query string.</summary>
internal sealed class ServerAddress(string url, string database)
{
    private readonly string _start = $"{url.TrimEnd('/')}/?database={Uri.EscapeDataString(database)}";

    /// <summary>For messages: never with a password, which no address has.</summary>
    public string Name { get; } = $"{url.TrimEnd('/')} (database '{database}')";

    public string For(IReadOnlyList<(string Name, string Value)> settings)
    {
        if (settings.Count == 0)
        {
            return _start;
        }

        var address = new StringBuilder(_start);
        foreach (var (name, value) in settings)
        {
            address.Append(CultureInfo.InvariantCulture, $"&{name}={Uri.EscapeDataString(value)}");
        }

        return address.ToString();
    }
}
