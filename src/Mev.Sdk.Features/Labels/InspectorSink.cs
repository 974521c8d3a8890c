using System.Buffers;
using Mev.Sdk.Features.Diagnostics;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Features.Labels;

/// <summary>Looks for atomic arbitrage in every first-sighted transaction and writes what it finds into the log.</summary>
/// <remarks>
/// An opportunity found this way carries <see cref="OpportunityFlags.Observed"/>, strategy 0, and an id made of the first eight bytes of the
/// transaction's signature, so that the same transaction found again after a restart has the same id. The sink never waits: when the
/// appender's lane is full the record is dropped and counted.
/// </remarks>
public sealed class InspectorSink : IRecordSink
{
    private readonly IRecordAppender _appender;
    private readonly AtomicArbitrageInspector _inspector = new();
    private readonly ArrayBufferWriter<byte> _evidence = new(4096);
    private readonly SightingFilter _sightings;
    private byte[] _frame = new byte[4096];
    private long _found;
    private long _lost;
    private long _failed;
    private long _dropped;

    /// <summary>Makes a sink.</summary>
    /// <param name="appender">Where opportunities go.</param>
    /// <param name="sightingWindow">Latest multi-swap transactions by which a first sighting is told from a later one, signatures.</param>
    public InspectorSink(IRecordAppender appender, int sightingWindow = 100_000)
    {
        ArgumentNullException.ThrowIfNull(appender);
        _appender = appender;
        _sightings = new SightingFilter(sightingWindow);
    }

    /// <summary>Arbitrages found and handed to the log. Thread-safe.</summary>
    public long Found => Interlocked.Read(ref _found);

    /// <summary>Closed cycles that were executed and did not pay. Thread-safe.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Closed cycles in failed transactions. Thread-safe.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Arbitrages found that the appender's full lane did not take. Thread-safe.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <inheritdoc/>
    public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        foreach (var record in batch)
        {
            if (record.Header.TemplateId == TemplateIds.Transaction
                && TransactionView.TryRead(in record, out var transaction)
                && transaction.Swaps.Length >= 2
                && _sightings.TryAdd(in transaction.Record.Signature))
            {
                Inspect(in transaction, record.Header.EngineTimeNanoseconds);
            }
        }

        return ValueTask.CompletedTask;
    }

    private void Inspect(in TransactionView transaction, ulong engineTime)
    {
        var finding = _inspector.Inspect(in transaction);
        switch (finding.Verdict)
        {
            case ArbitrageVerdict.Arbitrage:
                Append(in finding, in transaction, engineTime);
                break;
            case ArbitrageVerdict.Lost:
                Interlocked.Increment(ref _lost);
                break;
            case ArbitrageVerdict.Failed:
                Interlocked.Increment(ref _failed);
                break;
        }
    }

    private void Append(in ArbitrageFinding finding, in TransactionView transaction, ulong engineTime)
    {
        ref readonly var block = ref transaction.Record;
        var record = new OpportunityRecord
        {
            TriggerSignature = block.Signature,
            Pool = finding.FirstPool,
            QuoteMint = finding.QuoteMint,
            OpportunityId = BitConverter.ToUInt64(Signature.AsSpan(in block.Signature)),
            Slot = block.Slot,
            DetectedNanoseconds = engineTime,
            ExpectedProfitLamports = finding.ProfitLamports,
            ExpectedCostLamports = finding.CostLamports,
            ActualCostLamports = finding.CostLamports,
            CapitalLamports = finding.CapitalLamports,
            Confidence = 1,
            Kind = OpportunityKind.Arbitrage,
            Flags = OpportunityFlags.Observed | OpportunityFlags.Executed | OpportunityFlags.Succeeded
                | ((block.Flags & TransactionFlags.Simulated) != TransactionFlags.None ? OpportunityFlags.Simulated : OpportunityFlags.None),
        };
        _evidence.ResetWrittenCount();
        ArbitrageEvidence.Write(_evidence, in finding, in transaction);
        var length = OpportunityView.GetFrameLength(_evidence.WrittenCount);
        if (_frame.Length < length)
        {
            _frame = new byte[length];
        }

        OpportunityView.Write(_frame, engineTime, in record, _evidence.WrittenSpan);
        if (_appender.TryAppend(_frame.AsSpan(0, length)))
        {
            Interlocked.Increment(ref _found);
            FeaturesMetrics.Found.Add(1);
        }
        else
        {
            Interlocked.Increment(ref _dropped);
            FeaturesMetrics.Dropped.Add(1);
        }
    }
}
