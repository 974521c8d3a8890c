using System.Globalization;

namespace Mev.Sdk.Benchmarks.Peers.Stores;

/// <summary>What a store needed at best.</summary>
/// <param name="Bytes">Bytes on disk.</param>
/// <param name="How">The layout and settings that gave them.</param>
/// <param name="Tried">Everything that was tried, each with its bytes.</param>
internal sealed record StoreSize(long Bytes, string How, string Tried)
{
    /// <summary>The smallest of some tries.</summary>
    /// <param name="tries">Bytes and how, in the order tried.</param>
    public static StoreSize Best(IReadOnlyList<(long Bytes, string How)> tries)
    {
        var (bytes, how) = tries.MinBy(static one => one.Bytes);
        return new StoreSize(bytes, how, string.Join(", ", tries.Select(static one => string.Create(CultureInfo.InvariantCulture, $"{one.How} {one.Bytes}"))));
    }
}
