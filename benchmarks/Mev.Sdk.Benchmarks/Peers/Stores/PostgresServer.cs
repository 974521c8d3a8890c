using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Mev.Sdk.Benchmarks.Peers.Stores;

/// <summary>A PostgreSQL of its own in a temporary folder, from the binaries of the machine.</summary>
internal sealed class PostgresServer : IDisposable
{
    private const string User = "postgres";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _binaries;
    private readonly string _folder;
    private readonly string _port;

    /// <summary>Makes a cluster and starts it.</summary>
    /// <param name="folder">An empty folder for it.</param>
    /// <exception cref="InvalidOperationException">There are no binaries, or it does not start.</exception>
    public PostgresServer(string folder)
    {
        _binaries = FindBinaries();
        _folder = folder;
        if (Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows())
        {
            Tool.Run(Patience, "chown", User, folder);
            foreach (var parent in Parents(folder))
            {
                File.SetUnixFileMode(parent, File.GetUnixFileMode(parent) | UnixFileMode.OtherExecute);
            }
        }

        var data = Path.Combine(folder, "data");
        AsServer("initdb", "-D", data, "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C", "-N");
        _port = FreePort();
        AsServer("pg_ctl", "-D", data, "-w", "-l", Path.Combine(folder, "log"), "-o", $"-p {_port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off", "start");
        Version = Query("SHOW server_version").Split(' ')[0];
    }

    /// <summary>Its version.</summary>
    public string Version { get; }

    /// <summary>Runs statements, each in a transaction of its own.</summary>
    /// <returns>What the last ones print, unaligned.</returns>
    public string Query(params IEnumerable<string> statements) =>
        Tool.Run(
            Patience,
            Path.Combine(_binaries, "psql"),
            ["-h", "127.0.0.1", "-p", _port, "-U", User, "-d", "postgres", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", .. statements.SelectMany(static sql => (string[])["-c", sql])]).Trim();

    public void Dispose()
    {
        try
        {
            AsServer("pg_ctl", "-D", Path.Combine(_folder, "data"), "-m", "immediate", "-w", "stop");
        }
        catch (InvalidOperationException)
        {
            // It is gone already.
        }
    }

    private static IEnumerable<string> Parents(string folder)
    {
        var temp = Path.TrimEndingDirectorySeparator(Path.GetTempPath());
        for (var parent = Path.GetDirectoryName(folder); parent is not null && parent.Length > temp.Length; parent = Path.GetDirectoryName(parent))
        {
            yield return parent;
        }
    }

    private static string FindBinaries()
    {
        if (Environment.GetEnvironmentVariable("MEV_POSTGRES_BIN") is { Length: > 0 } configured)
        {
            return configured;
        }

        const string Debian = "/usr/lib/postgresql";
        IEnumerable<string> versions = Directory.Exists(Debian)
            ? Directory.GetDirectories(Debian).Where(static folder => File.Exists(Path.Combine(folder, "bin", "initdb"))).OrderByDescending(static folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var number) ? number : 0)
            : [];
        return versions.FirstOrDefault() is { } newest
            ? Path.Combine(newest, "bin")
            : throw new InvalidOperationException($"no PostgreSQL binaries in {Debian}/*/bin; set MEV_POSTGRES_BIN to their folder");
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }

    // PostgreSQL refuses to run as root.
    private void AsServer(string program, params string[] args)
    {
        var path = Path.Combine(_binaries, program);
        if (Environment.IsPrivilegedProcess)
        {
            Tool.Run(Patience, "setpriv", [$"--reuid={User}", $"--regid={User}", "--init-groups", path, .. args]);
        }
        else
        {
            Tool.Run(Patience, path, args);
        }
    }
}
