using Mev.Sdk.Records;

namespace Mev.Sdk;

/// <summary>A range of records that was not seen.</summary>
/// <param name="SourceName">The source's configured name.</param>
/// <param name="SessionId">The engine's session.</param>
/// <param name="FirstSequence">First missing sequence.</param>
/// <param name="LastSequence">Last missing sequence.</param>
/// <param name="DetectedAt">When it was noticed, by the host's clock.</param>
/// <param name="State">Whether it is still open.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record CoverageGap(
    string SourceName,
    ulong SessionId,
    ulong FirstSequence,
    ulong LastSequence,
    DateTimeOffset DetectedAt,
    GapState State,
    string Reason);
