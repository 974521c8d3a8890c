using Mev.Sdk.DashboardHost.Engine;

namespace Mev.Sdk.DashboardHost.Security;

/// <summary>Refuses to listen where others could reach a dashboard that asks nobody who they are.</summary>
internal static class BindGuard
{
    /// <summary>Checks every address that the configuration would listen on.</summary>
    /// <param name="configuration">The host's configuration: <c>urls</c> and <c>Kestrel:Endpoints:*:Url</c>.</param>
    /// <exception cref="StartupException">One is not a loopback address, or no address at all.</exception>
    public static void Check(IConfiguration configuration)
    {
        foreach (var url in (configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            CheckUrl("--urls", url);
        }

        foreach (var endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
        {
            CheckUrl($"{endpoint.Path}:Url", endpoint["Url"] ?? "");
        }
    }

    private static void CheckUrl(string key, string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            throw new StartupException($"{key}: '{url}' is not an address to listen on; write for example http://127.0.0.1:5080.");
        }

        if (!address.Scheme.Equals("http", StringComparison.OrdinalIgnoreCase) && !address.Scheme.Equals("https", StringComparison.OrdinalIgnoreCase))
        {
            throw new StartupException($"{key}: '{url}' is not an http address to listen on; write for example http://127.0.0.1:5080.");
        }

        if (address.IsUnixPipe || address.IsNamedPipe || !LoopbackViewer.IsLoopbackName(address.Host))
        {
            throw new StartupException(
                $"{key}: {url} would open the dashboard to the network, and no authentication is configured. Listen on 127.0.0.1 and reach it "
                + $"through a tunnel: ssh -L {address.Port}:127.0.0.1:{address.Port} user@host");
        }
    }
}
