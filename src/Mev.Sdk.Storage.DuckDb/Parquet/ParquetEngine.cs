using System.Globalization;
using DuckDB.NET.Data;

namespace Mev.Sdk.Storage.DuckDb;

/// <summary>A DuckDB without a database of its own, for files.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ParquetEngine : IDisposable
{
    private readonly Lock _opening = new();
    private readonly int _memoryMegabytes;
    private readonly int _threads;
    private readonly string _spill;
    private DuckDBConnection? _anchor;
    private bool _disposed;

    public ParquetEngine(int memoryMegabytes, int threads, string cacheDirectory)
    {
        (_memoryMegabytes, _threads) = (memoryMegabytes, threads);
        _spill = string.IsNullOrWhiteSpace(cacheDirectory) ? "" : Path.Combine(Path.GetFullPath(cacheDirectory), "spill");
    }

    /// <summary>A text as it stands in a statement.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>The table function over files.</summary>
    public static string Source(IEnumerable<string> paths) => $"read_parquet([{string.Join(", ", paths.Select(Quote))}], hive_partitioning = false)";

    public DuckDBConnection Connect()
    {
        lock (_opening)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _anchor ??= Open();
            var connection = _anchor.Duplicate();
            connection.Open();
            return connection;
        }
    }

    public void Dispose()
    {
        lock (_opening)
        {
            _disposed = true;
            _anchor?.Dispose();
            _anchor = null;
        }
    }

    private DuckDBConnection Open()
    {
        var connection = new DuckDBConnection("DataSource=:memory:");
        try
        {
            connection.Open();

            // Footers are kept: files have names of their own and never change. Nothing is fetched from the internet.
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"""
                SET GLOBAL memory_limit = '{_memoryMegabytes}MiB';
                SET GLOBAL threads = {_threads};
                SET GLOBAL temp_directory = {Quote(_spill)};
                SET GLOBAL parquet_metadata_cache = true;
                SET GLOBAL autoinstall_known_extensions = false;
                SET GLOBAL autoload_known_extensions = false;
                """));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
