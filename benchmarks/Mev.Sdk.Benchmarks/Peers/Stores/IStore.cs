namespace Mev.Sdk.Benchmarks.Peers.Stores;

/// <summary>A product that somebody could keep transactions in.</summary>
internal interface IStore
{
    /// <summary>The part of its measures' names.</summary>
    string Name { get; }

    /// <summary>The product and its version, as the notes say it.</summary>
    string Product { get; }

    /// <summary>Stores the transactions in every way that suits the product.</summary>
    /// <param name="staging">The transactions.</param>
    /// <param name="folder">An empty folder for its files.</param>
    /// <returns>The best that it made of them.</returns>
    /// <exception cref="InvalidOperationException">The product cannot be started here; the message says why.</exception>
    StoreSize Measure(StoreStaging staging, string folder);
}
