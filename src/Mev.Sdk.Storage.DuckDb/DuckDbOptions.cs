namespace Mev.Sdk.Storage.DuckDb;

/// <summary>How a <see cref="DuckDbStore"/> opens its database. Read once, when it is made.</summary>
public sealed class DuckDbOptions
{
    /// <summary>The database file. Required, except with <c>UseDuckDb</c>, where the default is <c>history.duckdb</c> in the data directory.</summary>
    public string Path { get; set; } = "";

    /// <summary>Memory that DuckDB may use, mebibytes, at least 128; beyond it DuckDB spills to disk. Default 1,024.</summary>
    public int MemoryMegabytes { get; set; } = 1024;

    /// <summary>Threads that a query or a projection may use, 1 to 256. Default 2.</summary>
    public int Threads { get; set; } = 2;

    /// <summary>Write-ahead log after which DuckDB folds it into the database file, mebibytes, 1 to 65,536. Default 256.</summary>
    public int WalMegabytes { get; set; } = 256;

    /// <summary>Lists what is wrong with the options.</summary>
    /// <param name="section">Configuration key of the options, for the messages.</param>
    /// <returns>One message a problem, with key and remedy; empty when there is none.</returns>
    public IEnumerable<string> Validate(string section = "Mev:Storage:DuckDb")
    {
        if (MemoryMegabytes < 128)
            yield return $"{section}:{nameof(MemoryMegabytes)} is {MemoryMegabytes}: set at least 128.";
        if (Threads is < 1 or > 256)
            yield return $"{section}:{nameof(Threads)} is {Threads}: set 1 to 256.";
        if (WalMegabytes is < 1 or > 65_536)
            yield return $"{section}:{nameof(WalMegabytes)} is {WalMegabytes}: set 1 to 65536.";
    }
}
