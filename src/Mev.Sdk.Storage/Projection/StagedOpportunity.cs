using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Projection;

/// <summary>An opportunity on its way into the table, with the outcome when that came in the same batches.</summary>
internal sealed class StagedOpportunity
{
    private readonly OpportunityRecord _record;
    private readonly Lsn _lsn;
    private readonly StreamPosition _position;
    private readonly byte[] _metadata;
    private long _profitLamports;
    private ulong _costLamports;
    private ulong? _actualCostLamports;
    private OpportunityFlags _flags;
    private long? _executed;
    private bool? _success;
    private OutcomeStatus _outcome;

    public StagedOpportunity(in OpportunityView view, in StreamPosition position)
    {
        _lsn = view.Lsn;
        _position = position;
        _record = view.Record;
        _metadata = view.Metadata.IsEmpty ? [] : RowText.Json(view.Metadata).ToArray();
        _profitLamports = _record.ExpectedProfitLamports;
        _actualCostLamports = _record.ActualCostLamports > 0 ? _record.ActualCostLamports : null;
        _costLamports = _actualCostLamports ?? _record.ExpectedCostLamports;
        _flags = _record.Flags;
        _executed = UnixMicroseconds.FromNanoseconds(_record.ExecutedNanoseconds);
        _success = _flags.HasFlag(OpportunityFlags.Executed) ? _flags.HasFlag(OpportunityFlags.Succeeded) : null;
    }

    public ulong Slot => _record.Slot;

    public bool IsObserved => _record.Flags.HasFlag(OpportunityFlags.Observed);

    public (uint Source, ulong Session, ulong Id) Identity => (_position.SourceId, _position.SessionId, _record.OpportunityId);

    /// <summary>What makes an observed opportunity the same one when it is replayed.</summary>
    public (Signature, OpportunityKind, ushort, Pubkey, long)? ObservedIdentity =>
        IsObserved && !_record.TriggerSignature.IsZero ? (_record.TriggerSignature, _record.Kind, _record.StrategyId, _record.Pool, _record.ExpectedProfitLamports) : null;

    /// <summary>Does in memory what the merge of <see cref="MergeTables.Outcomes"/> does in the table.</summary>
    public void Apply(in StagedOutcome outcome)
    {
        _outcome = outcome.Status;
        _success = outcome.IsSuccess;
        _executed = outcome.Executed ?? _executed;
        if (outcome.HasLanded)
        {
            _profitLamports = outcome.ProfitLamports;
            _costLamports = outcome.CostLamports;
            _actualCostLamports = outcome.CostLamports;
            _flags |= OpportunityFlags.Executed;
        }

        _flags |= outcome.IsSuccess ? OpportunityFlags.Succeeded : OpportunityFlags.None;
    }

    public void AddTo(RowBuffer rows)
    {
        var row = rows.AddRow();
        row.UInt64(_lsn.Value);
        row.UInt32(_position.SourceId);
        row.UInt64(_position.SessionId);
        row.UInt64(_record.OpportunityId);
        row.Text(OpportunityTypes.ToUtf8(_record.Kind));
        row.UInt16(_record.StrategyId);
        row.SignatureOrNull(in _record.TriggerSignature);
        row.UInt64(_record.Slot);
        row.KeyOrNull(in _record.Pool);
        row.KeyOrNull(in _record.QuoteMint);
        row.Int64(_record.ExpectedProfitLamports);
        row.UInt64(_record.ExpectedCostLamports);
        row.UInt64(_record.CapitalLamports);
        row.Int64(_profitLamports);
        row.UInt64(_costLamports);
        if (_actualCostLamports is { } cost)
        {
            row.UInt64(cost);
        }
        else
        {
            row.Null();
        }

        row.Float64OrNull(_record.Confidence == 0 ? double.NaN : _record.Confidence);
        row.UInt32((uint)_flags);
        row.TimeOrNull(_record.DetectedNanoseconds);
        row.TimestampOrNull(_executed);
        row.BooleanOrNull(_success);
        row.Enumeration((uint)_outcome);
        if (_metadata.Length == 0)
        {
            row.Null();
        }
        else
        {
            row.Json(_metadata);
        }

        row.Null();
        row.Complete();
    }
}
