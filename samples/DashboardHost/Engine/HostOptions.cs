namespace Mev.Sdk.DashboardHost.Engine;

/// <summary>What the host itself reads of configuration section <c>Mev</c>.</summary>
internal sealed class HostOptions
{
    /// <summary>Folder of everything that is kept; default <c>.mev/simulated</c> or <c>.mev/chain</c> under the current directory, by what is stored.</summary>
    public string? DataDirectory { get; set; }

    /// <summary>
    /// The chain itself as a source: <c>solana-rpc</c>, <c>solana-ws</c>, <c>yellowstone</c> or <c>block-files</c>, with options in <c>Mev:Ingest:Solana</c>;
    /// default none.
    /// </summary>
    public string? Source { get; set; }

    /// <summary><c>Mev:Replay</c>.</summary>
    public ReplayOptions Replay { get; set; } = new();

    /// <summary><c>Mev:Engine</c>.</summary>
    public EngineOptions Engine { get; set; } = new();

    /// <summary>A block file that is replayed once instead of the simulated market.</summary>
    internal sealed class ReplayOptions
    {
        /// <summary>A <c>getBlock</c> result in JSON; default none.</summary>
        public string? Path { get; set; }

        /// <summary>Speed, transactions a second, 1 to 1,000,000; default 60: a block passes in ten seconds, slow enough to watch and to be scored.</summary>
        public double TransactionsPerSecond { get; set; } = 60;
    }

    /// <summary>Where the records come from, when not from this host's own engine.</summary>
    internal sealed class EngineOptions
    {
        /// <summary><c>tcp://HOST:PORT</c>; default none: the embedded engine.</summary>
        public string? Endpoint { get; set; }

        /// <summary>Whether that engine's records are simulated; default: it is asked, and real when it does not answer at start.</summary>
        public bool? Simulated { get; set; }

        /// <summary>Speed of the embedded engine's simulated market, transactions a second, 1 to 100,000; default 200.</summary>
        public double TransactionsPerSecond { get; set; } = 200;

        /// <summary>Seed of the embedded engine's simulated market; default 1; whatever it is, the slots are those of the clock, so a restart brings new transactions.</summary>
        public ulong? Seed { get; set; }
    }
}
