namespace Mev.Sdk.Benchmarks.Peers.Stores;

/// <summary>One way of keeping a transaction without loss in a table.</summary>
/// <param name="Name">How the notes call it.</param>
/// <param name="Columns">What DuckDB selects from the staged transactions for it.</param>
internal sealed record StoreLayout(string Name, string Columns)
{
    /// <summary>The query that gives the layout's rows in the order that compresses best: the chain's.</summary>
    public string Select => $"SELECT {Columns} FROM staged ORDER BY slot, index_in_block";
}
