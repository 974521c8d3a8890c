using System.Text;
using Mev.Sdk.Records;

namespace Mev.Sdk.Storage.DuckDb;

/// <summary>An opportunity on its way into the table, with the outcome when that came in the same transaction.</summary>
internal sealed class StagedOpportunity
{
    public StagedOpportunity(in OpportunityView view, in StreamPosition position)
    {
        Lsn = view.Lsn;
        Position = position;
        Record = view.Record;
        Metadata = Encoding.UTF8.GetString(view.Metadata);
        ProfitLamports = Record.ExpectedProfitLamports;
        ActualCostLamports = Record.ActualCostLamports > 0 ? Record.ActualCostLamports : null;
        CostLamports = ActualCostLamports ?? Record.ExpectedCostLamports;
        Flags = Record.Flags;
        Executed = UnixTime.FromNanoseconds(Record.ExecutedNanoseconds);
        Success = Flags.HasFlag(OpportunityFlags.Executed) ? Flags.HasFlag(OpportunityFlags.Succeeded) : null;
    }

    public readonly OpportunityRecord Record;

    public Lsn Lsn { get; }

    public StreamPosition Position { get; }

    public string Metadata { get; }

    public long ProfitLamports { get; private set; }

    public ulong CostLamports { get; private set; }

    public ulong? ActualCostLamports { get; private set; }

    public OpportunityFlags Flags { get; private set; }

    public DateTime? Executed { get; private set; }

    public bool? Success { get; private set; }

    public OutcomeStatus Outcome { get; private set; }

    /// <summary>What makes an observed opportunity the same one when it is replayed; see <see cref="ProjectionSql.InsertOpportunities"/>.</summary>
    public (Signature, OpportunityKind, ushort, Pubkey, long)? ObservedIdentity =>
        Record.Flags.HasFlag(OpportunityFlags.Observed) && !Record.TriggerSignature.IsZero
            ? (Record.TriggerSignature, Record.Kind, Record.StrategyId, Record.Pool, Record.ExpectedProfitLamports)
            : null;

    /// <summary>Does in memory what <see cref="ProjectionSql.SetOutcomes"/> does in the table.</summary>
    public void Apply(in StagedOutcome outcome)
    {
        Outcome = outcome.Status;
        Success = outcome.IsSuccess;
        Executed = outcome.Executed ?? Executed;
        if (outcome.HasLanded)
        {
            ProfitLamports = outcome.ProfitLamports;
            CostLamports = outcome.CostLamports;
            ActualCostLamports = outcome.CostLamports;
            Flags |= OpportunityFlags.Executed;
        }

        Flags |= outcome.IsSuccess ? OpportunityFlags.Succeeded : OpportunityFlags.None;
    }
}
