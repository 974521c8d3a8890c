using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.DashboardHost.Tiers;

/// <summary>The tiers as the page shows them.</summary>
/// <param name="At">When they were looked at.</param>
/// <param name="CountedAt">When the rows of the hot tier were counted.</param>
/// <param name="Problem">Why the last look failed; null when it did not.</param>
/// <param name="Tiers">Hot, warm and cold.</param>
/// <param name="Projectors">Those that fill databases from the journal.</param>
/// <param name="Mover">What the mover is doing, and what is due.</param>
/// <param name="Options">How it works.</param>
/// <param name="Catalogue">Which tier answers for what.</param>
internal sealed record TierFacts(
    DateTimeOffset At,
    DateTimeOffset? CountedAt,
    string? Problem,
    IReadOnlyList<TierLine> Tiers,
    IReadOnlyList<ProjectorLine> Projectors,
    TierMoverState Mover,
    TierMoverOptions Options,
    TierCatalogue Catalogue);
