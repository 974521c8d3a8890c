using System.Runtime.CompilerServices;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tests.Archive.Objects;
using Mev.Sdk.Storage.Tests.Tiers;
using Mev.Sdk.Storage.Tiers;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Storage.DuckDb.Tests.Parquet;

/// <summary>Rows that a real mover has brought into Parquet, and the store that answers from there.</summary>
internal sealed class WarmParts : IDisposable
{
    public WarmParts(IBlobStore blobs, ParquetTierOptions options)
    {
        Tier = new ParquetTier(blobs, options);
        Catalogue = new TierCatalogueStore(new MemoryBlobStore());
        Store = new ParquetHistoryStore(Tier, Catalogue);
    }

    public ParquetTier Tier { get; }

    public TierCatalogueStore Catalogue { get; }

    public ParquetHistoryStore Store { get; }

    /// <summary>Moves rows: each of its partition.</summary>
    public async Task AddAsync(RowBuffer rows)
    {
        var source = new BufferSource(rows);
        using var mover = new TierMover(source, Tier, cold: null, Catalogue, timeProvider: new FakeTimeProvider(BufferSource.Start.AddDays(1)));
        await mover.RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, source.Rows);
    }

    public void Dispose() => Tier.Dispose();
}
