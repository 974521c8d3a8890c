using System.Globalization;
using DuckDB.NET.Data;

namespace Mev.Sdk.Storage.DuckDb;

/// <summary>One database file and the connections to it; all connections of a process share the instance.</summary>
internal sealed class DuckDbDatabase
{
    private readonly string _connectionString;
    private readonly string _walMegabytes;

    public DuckDbDatabase(DuckDbOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.Path, "options.Path");
        var problems = string.Join(' ', options.Validate());
        if (problems.Length > 0)
        {
            throw new ArgumentException(problems, nameof(options));
        }

        Path = System.IO.Path.GetFullPath(options.Path);
        _walMegabytes = options.WalMegabytes.ToString(CultureInfo.InvariantCulture);
        _connectionString = new DuckDBConnectionStringBuilder
        {
            DataSource = Path,
            ["memory_limit"] = options.MemoryMegabytes.ToString(CultureInfo.InvariantCulture) + "MiB",
            ["threads"] = options.Threads.ToString(CultureInfo.InvariantCulture),
        }.ConnectionString;
    }

    public string Path { get; }

    /// <summary>Opens a connection; about a quarter of a millisecond while another one is open.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public DuckDBConnection Connect()
    {
        var connection = new DuckDBConnection(_connectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch (Exception e) when (e is DuckDBException or InvalidOperationException)
        {
            connection.Dispose();
            throw new IOException(
                $"The database '{Path}' cannot be opened ({e.Message}). If another process holds it, stop that; if the file is damaged, move it away: "
                + "it is filled again from the journal.", e);
        }
    }

    /// <summary>Makes the tables, or brings those of an earlier version to today's: all of it or nothing.</summary>
    /// <exception cref="InvalidDataException">The tables are of a later version.</exception>
    public void Prepare(DuckDBConnection connection)
    {
        connection.Execute($"SET GLOBAL checkpoint_threshold = '{_walMegabytes}MiB'");
        using var transaction = connection.BeginTransaction();
        var version = GetVersion(connection);
        if (version > Schema.Version)
        {
            throw new InvalidDataException(
                $"The tables in '{Path}' have version {version}, this version of the SDK knows {Schema.Version}: run the later version again, or move the file away; it is filled again from the journal.");
        }

        if (version == 0)
        {
            connection.Execute(Schema.Create);
        }
        else
        {
            SchemaMigrations.Run(connection, version);
        }

        transaction.Commit();
    }

    // 0 for a database without tables.
    private static int GetVersion(DuckDBConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM duckdb_tables() WHERE NOT temporary AND table_name = 'projector_checkpoint'";
        if (Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture) == 0)
        {
            return 0;
        }

        command.CommandText = "SELECT schema_version FROM projector_checkpoint";
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
