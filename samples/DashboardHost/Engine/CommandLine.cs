namespace Mev.Sdk.DashboardHost.Engine;

/// <summary>Finds mistyped options before they are silently ignored.</summary>
internal static class CommandLine
{
    private static readonly string[] Known =
    [
        "urls", "environment", "contentRoot", "AllowedHosts", "Logging:", "Kestrel:",
        "Mev:DataDirectory", "Mev:Source", "Mev:Replay:Path", "Mev:Replay:TransactionsPerSecond",
        "Mev:Engine:Endpoint", "Mev:Engine:Simulated", "Mev:Engine:TransactionsPerSecond", "Mev:Engine:Seed",
        "Mev:Ingest:", "Mev:Storage:", "Mev:Features:", "Mev:Models:", "Mev:LightGbm:", "Mev:Live:", "Mev:Training:",
    ];

    /// <summary>Checks every argument's key.</summary>
    /// <exception cref="StartupException">An argument is no option of this host; the message names it and the options there are.</exception>
    public static void Check(IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            var argument = args[i];
            if (!argument.StartsWith("--", StringComparison.Ordinal))
            {
                throw new StartupException($"'{argument}' is not an option. Options are written --KEY=VALUE or --KEY VALUE; {Options}");
            }

            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var key = equals < 0 ? argument[2..] : argument[2..equals];
            if (key.StartsWith("Mev:Control:", StringComparison.OrdinalIgnoreCase))
            {
                throw new StartupException($"--{key} would show a secret to every user of this machine; set the environment variable {key.Replace(":", "__", StringComparison.Ordinal)} instead.");
            }

            if (!Known.Any(known => known.EndsWith(':') ? key.StartsWith(known, StringComparison.OrdinalIgnoreCase) : key.Equals(known, StringComparison.OrdinalIgnoreCase)))
            {
                throw new StartupException($"--{key} is not an option of this host; {Options}");
            }

            if (equals < 0 && ++i >= args.Count)
            {
                throw new StartupException($"--{key} has no value; write --{key}=VALUE.");
            }
        }
    }

    private static string Options => "there are: " + string.Join(", ", Known.Select(static k => "--" + (k.EndsWith(':') ? k + "*" : k))) + ".";
}
