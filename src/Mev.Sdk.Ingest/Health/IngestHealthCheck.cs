using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mev.Sdk.Ingest.Health;

/// <summary>Says which stage of the intake is slow or down: a source, the sequencer, a sink, the gap ledger.</summary>
/// <remarks>Thread-safe; a check costs microseconds and no I/O. The data dictionary has the figures of every stage.</remarks>
/// <param name="monitor">What is judged.</param>
/// <param name="coverage">The gap ledger, if there is one.</param>
/// <param name="options">The thresholds, copied; defaults when null.</param>
/// <param name="timeProvider">The clock; the system's by default.</param>
public sealed class IngestHealthCheck(IngestMonitor monitor, ICoverage? coverage = null, IngestHealthOptions? options = null, TimeProvider? timeProvider = null) : IHealthCheck
{
    private readonly IngestHealthOptions _options = options?.Copy() ?? new IngestHealthOptions();
    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;
    private long _rejected;

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var snapshot = monitor.GetSnapshot();
        var before = Interlocked.Exchange(ref _rejected, snapshot.OwnRecordsRejected);
        return Task.FromResult(IngestVerdict.Judge(snapshot, coverage, before, _options, _time.GetUtcNow()));
    }
}
