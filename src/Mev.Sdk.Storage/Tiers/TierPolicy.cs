using System.Globalization;
using Mev.Sdk.Storage.Queries;

namespace Mev.Sdk.Storage.Tiers;

/// <summary>Decides what is due; a pure function of facts and a time.</summary>
/// <remarks>Immutable and thread-safe; docs/tiers.md, "Who decides".</remarks>
public sealed class TierPolicy
{
    /// <summary>How far the clock may be ahead of the newest row before it is not believed.</summary>
    public static readonly TimeSpan MaxClockLead = TimeSpan.FromDays(2);

    private readonly TimeSpan _hot;
    private readonly TimeSpan _warm;
    private readonly TimeSpan _patience;

    /// <summary>Makes a policy.</summary>
    /// <param name="options">Copied; null = the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names its key.</exception>
    public TierPolicy(TierPolicyOptions? options = null)
    {
        options ??= new TierPolicyOptions();
        var problems = string.Join(' ', options.Validate());
        if (problems.Length > 0)
        {
            throw new ArgumentException(problems, nameof(options));
        }

        (_hot, _warm, _patience) = (TimeSpan.FromDays(options.HotDays), TimeSpan.FromDays(options.WarmDays), options.OutcomePatience);
    }

    /// <summary>Lists the partitions that are due, those that must wait included.</summary>
    /// <param name="partitions">All there are, each once a tier.</param>
    /// <param name="now">The time.</param>
    /// <returns>In the order in which they should move: oldest first.</returns>
    public IReadOnlyList<TierMove> Plan(IReadOnlyCollection<PartitionFacts> partitions, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(partitions);
        var newest = partitions.Max(static p => p.Newest);
        var believed = newest is { } time && now - time > MaxClockLead ? time + MaxClockLead : now;
        return [.. partitions.Where(static p => p.Rows > 0).OrderBy(static p => p.Newest ?? DateTimeOffset.MaxValue).ThenBy(static p => p.Partition, TierPartition.Order)
            .Select(p => Judge(p, believed)).OfType<TierMove>()];
    }

    private TierMove? Judge(PartitionFacts facts, DateTimeOffset now)
    {
        if (facts.Tier == HistoryTier.Cold)
        {
            return null;
        }

        var to = facts.Tier + 1;
        if (facts.Newest is not { } newest)
        {
            return new TierMove(facts.Partition, facts.Tier, to, "no row of it says when it was");
        }

        var age = now - newest;
        var overdue = age - (facts.Tier == HistoryTier.Hot ? _hot : _warm);
        return overdue < TimeSpan.Zero ? null : new TierMove(facts.Partition, facts.Tier, to, Holds(facts, age)) { Overdue = overdue };
    }

    private string? Holds(PartitionFacts facts, TimeSpan age) => facts switch
    {
        { IsPinned: true } => "it is pinned",
        { Tier: HistoryTier.Hot, IsRooted: false } => "not all of its slots are final",
        { Tier: HistoryTier.Hot, OpenOutcomes: > 0 } when age < _hot + _patience =>
            string.Create(CultureInfo.InvariantCulture, $"{facts.OpenOutcomes} opportunities have no outcome yet; it waits {(_hot + _patience - age).TotalHours:F0} h more"),
        { Tier: HistoryTier.Warm, IsArchived: false } => "the archive does not hold all of its records",
        _ => null,
    };
}
