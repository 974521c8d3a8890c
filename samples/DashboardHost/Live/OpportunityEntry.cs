using Mev.Sdk.Records;

namespace Mev.Sdk.DashboardHost.Live;

/// <summary>What the opportunities list keeps of one opportunity.</summary>
internal sealed record OpportunityEntry(
    long Number,
    ulong OpportunityId,
    Signature Trigger,
    Pubkey Pool,
    Pubkey QuoteMint,
    ulong Slot,
    long TimeMilliseconds,
    OpportunityKind Kind,
    OpportunityFlags Flags,
    long ExpectedProfitLamports,
    ulong ExpectedCostLamports,
    double Confidence)
{
    /// <summary>How it ended; <see cref="OutcomeStatus.Unknown"/> while it is open.</summary>
    public OutcomeStatus Outcome { get; init; }

    /// <summary>What it paid, before fee and tip, once it ended, lamports.</summary>
    public long ProfitLamports { get; init; }

    /// <summary>Fee and tip paid, once it ended, lamports.</summary>
    public ulong PaidLamports { get; init; }
}
