using System.Globalization;
using System.Net;

namespace EngineSimulator.CommandLine;

/// <summary>The simulator's command line.</summary>
internal static class Arguments
{
    /// <summary>What <c>--help</c> prints.</summary>
    public const string Usage = """
        EngineSimulator: streams a simulated market, or real blocks from files, as an engine does.

        usage: EngineSimulator [options]

          --listen tcp://ADDRESS:PORT   where to listen; port 0 takes a free one   (default tcp://127.0.0.1:7070)
          --path FILE|FOLDER            getBlock results in JSON to replay         (default: a simulated market)
          --rate NUMBER                 transactions a second; 0 = as fast as the subscriber takes them
                                        (default: 400 for a market, one block each 400 ms for files)
          --loop                        start over at the end of the files, with fresh signatures and slots;
                                        the stream then says that it is simulated
          --seed NUMBER                 seed of the market and of fresh signatures (default: 1; drawn for files)
          --help                        this text

        The stream begins when the first host connects. Exit code: 0 = ended in order, 1 = a file, the port or the stream failed,
        2 = a bad option.
        """;

    /// <summary>Reads the command line.</summary>
    /// <param name="arguments">The words.</param>
    /// <param name="options">What they ask for.</param>
    /// <param name="error">What is wrong, or null.</param>
    /// <returns>False when it is wrong.</returns>
    public static bool TryParse(ReadOnlySpan<string> arguments, out SimulatorEngineOptions options, out string? error)
    {
        options = new SimulatorEngineOptions { Listen = new IPEndPoint(IPAddress.Loopback, 7070) };
        error = null;
        for (var i = 0; i < arguments.Length && error is null; i++)
        {
            var (name, value) = Split(arguments[i]);
            if (name == "--loop" && value is null)
            {
                options.Loop = true;
                continue;
            }

            if (name is not ("--listen" or "--path" or "--rate" or "--seed"))
            {
                error = $"The option '{arguments[i]}' is not known.";
                continue;
            }

            value ??= i + 1 < arguments.Length ? arguments[++i] : null;
            error = value is null ? $"The option {name} needs a value." : Apply(options, name, value);
        }

        if (error is null && options is { Loop: true, Path: null })
        {
            error = "The option --loop needs --path: a simulated market never ends.";
        }

        return error is null;
    }

    private static (string Name, string? Value) Split(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
    }

    private static string? Apply(SimulatorEngineOptions options, string name, string value)
    {
        switch (name)
        {
            case "--listen" when TryEndpoint(value, out var endpoint):
                options.Listen = endpoint;
                return null;
            case "--listen":
                return $"--listen is '{value}'. Give tcp://ADDRESS:PORT with an IP address, such as tcp://127.0.0.1:7070.";
            case "--path":
                options.Path = value;
                return null;
            case "--rate" when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) && rate is >= 0 and <= 10_000_000:
                options.TransactionsPerSecond = rate;
                return null;
            case "--rate":
                return $"--rate is '{value}'. Give transactions a second from 0 (as fast as possible) to 10000000.";
            default:
                var holds = ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seed);
                options.Seed = seed;
                return holds ? null : $"--seed is '{value}'. Give a whole number from 0 to {ulong.MaxValue}.";
        }
    }

    private static bool TryEndpoint(string value, out IPEndPoint endpoint)
    {
        endpoint = new IPEndPoint(IPAddress.Loopback, 0);
        if (!Uri.TryCreate(value, UriKind.Absolute, out var uri) || uri.Scheme != "tcp" || uri.Port < 0 || uri.AbsolutePath is not ("" or "/"))
        {
            return false;
        }

        var host = uri.Host == "localhost" ? IPAddress.Loopback.ToString() : uri.Host.Trim('[', ']');
        if (!IPAddress.TryParse(host, out var address))
        {
            return false;
        }

        endpoint = new IPEndPoint(address, uri.Port);
        return true;
    }
}
