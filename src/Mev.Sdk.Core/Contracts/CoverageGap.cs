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
    string Reason)
{
    /// <summary>Why, as a code. Default <see cref="GapCause.Unspecified"/>.</summary>
    public GapCause Cause { get; init; }

    /// <summary>First slot that may be incomplete for it: that of the last record before it; 0 = unknown, which means any earlier one.</summary>
    public ulong FirstSlot { get; init; }

    /// <summary>Last slot that may be incomplete for it: that of the first record after it; 0 = unknown, which means any later one.</summary>
    public ulong LastSlot { get; init; }

    /// <summary>LSN of the last record of the session before it; <see cref="Lsn.None"/> = unknown.</summary>
    public Lsn AfterLsn { get; init; }

    /// <summary>LSN of a record that came after it; <see cref="Lsn.None"/> = nothing came yet.</summary>
    public Lsn BeforeLsn { get; init; }

    /// <summary>Records missing within the range; fewer than its width when several gaps were written down as one.</summary>
    public ulong MissingRecords { get; init; }
}
