using Mev.Sdk.Records;

namespace Mev.Sdk;

/// <summary>A range of records that was not seen.</summary>
/// <remarks>
/// Usually every sequence of the range is missing (<see cref="IsExact"/>). Two kinds of entry say less: one that stands for several gaps, since no more could be
/// kept apart, contains <see cref="MissingRecords"/> of them, at least one, and does not say which; one that <see cref="IsOpenEnded"/> says that nothing is known
/// of what a session published from <see cref="FirstSequence"/> on, which may be nothing.
/// </remarks>
/// <param name="SourceName">The source's configured name.</param>
/// <param name="SessionId">The engine's session.</param>
/// <param name="FirstSequence">First missing sequence.</param>
/// <param name="LastSequence">Last missing sequence; <see cref="UnknownEnd"/> when nobody knows how far the session went.</param>
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
    /// <summary><see cref="LastSequence"/> of a gap whose end is not known: no record ever has this number.</summary>
    public const ulong UnknownEnd = ulong.MaxValue;

    /// <summary>Whether nobody knows how far the gap goes: its session ended without a goodbye and another one took its place.</summary>
    public bool IsOpenEnded => LastSequence == UnknownEnd;

    /// <summary>Whether every sequence of the range is missing.</summary>
    public bool IsExact => !IsOpenEnded && MissingRecords == LastSequence - FirstSequence + 1;

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

    /// <summary>
    /// Records missing within the range, as far as they could be counted: all of it when <see cref="IsExact"/>; fewer when several gaps were written down as one, and an
    /// estimate by width where such an entry was divided later; 0 when <see cref="IsOpenEnded"/>, since nothing is known.
    /// </summary>
    public ulong MissingRecords { get; init; }
}
