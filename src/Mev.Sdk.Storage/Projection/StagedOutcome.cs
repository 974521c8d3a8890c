using Mev.Sdk.Records;

namespace Mev.Sdk.Storage.Projection;

/// <summary>How an opportunity of a session ended.</summary>
internal readonly record struct StagedOutcome(OutcomeStatus Status, long ProfitLamports, ulong CostLamports, long? Executed)
{
    public bool IsSuccess => Status == OutcomeStatus.Succeeded;

    public bool HasLanded => Status is OutcomeStatus.Succeeded or OutcomeStatus.Failed;

    public static StagedOutcome From(in OutcomeRecord record)
    {
        var landed = record.Status is OutcomeStatus.Succeeded or OutcomeStatus.Failed;
        return new StagedOutcome(
            record.Status,
            record.ProfitLamports,
            record.FeeLamports > ulong.MaxValue - record.TipLamports ? ulong.MaxValue : record.FeeLamports + record.TipLamports,
            landed ? UnixMicroseconds.FromNanoseconds(record.CompletedNanoseconds) : null);
    }
}
