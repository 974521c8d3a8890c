using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.DuckDb.Internal;

/// <summary>What the tables say of one partition together.</summary>
/// <param name="Rows">Rows of all tables.</param>
/// <param name="Newest">Latest time of a row, microseconds since the Unix epoch; null = no row has one.</param>
/// <param name="Open">Last slot with a transaction that is in a block and not yet final; null = none.</param>
/// <param name="OpenOutcomes">Opportunities that an engine reported and that have no outcome yet.</param>
internal readonly record struct GatheredFacts(long Rows, long? Newest, ulong? Open, long OpenOutcomes)
{
    public GatheredFacts With(long rows, long? newest, ulong? open, long openOutcomes) => new(
        Rows + rows,
        Newest is null || newest > Newest ? newest ?? Newest : Newest,
        Open is null || open > Open ? open ?? Open : Open,
        OpenOutcomes + openOutcomes);

    /// <param name="partition">The partition.</param>
    /// <param name="settled">Slots up to this one are rooted or abandoned.</param>
    public PartitionFacts ToFacts(TierPartition partition, ulong settled) => new()
    {
        Partition = partition,
        Tier = HistoryTier.Hot,
        Rows = Rows,
        Newest = Newest is { } newest ? HistoryValue.Timestamp(newest).AsTimestamp() : null,
        IsRooted = Open is null || Open <= settled,
        OpenOutcomes = OpenOutcomes,
    };
}
