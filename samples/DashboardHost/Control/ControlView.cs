using System.Text;
using Mev.Sdk.Ingest;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Options;

namespace Mev.Sdk.DashboardHost.Control;

/// <summary>What the control page shows: each strategy as its engine last reported it, and the latest changes of parameters.</summary>
/// <remarks>A view: it never waits and keeps a bounded number of rows. Thread-safe.</remarks>
internal sealed class ControlView : IRecordSink
{
    /// <summary>Changes kept.</summary>
    public const int MaxChanges = 200;

    private const int MaxStrategies = 200;
    private const int MaxText = 4_096;
    private static readonly TemplateSet Templates = TemplateSet.Of(TemplateIds.ParameterChange);

    private readonly Lock _gate = new();
    private readonly Dictionary<uint, string> _names;
    private readonly Dictionary<(uint Source, ushort Strategy), StrategyFacts> _strategies = [];
    private readonly Dictionary<Guid, ChangeRow> _changes = [];
    private readonly Queue<Guid> _order = new();
    private readonly TimeProvider _time;

    public ControlView(IOptions<IngestOptions> options, TimeProvider time)
    {
        Engines = [.. options.Value.Sources.Select(static s => s.Name), .. options.Value.Accept.Engines.Select(static e => e.Name)];
        _names = Engines.ToDictionary(SourceIds.FromName);
        _time = time;
    }

    /// <summary>The configured engines.</summary>
    public IReadOnlyList<string> Engines { get; }

    public IReadOnlyList<StrategyFacts> Strategies()
    {
        lock (_gate)
        {
            return [.. _strategies.Values.OrderBy(static s => s.Engine, StringComparer.Ordinal).ThenBy(static s => s.Record.StrategyId)];
        }
    }

    /// <summary>The changes, newest first.</summary>
    public IReadOnlyList<ChangeRow> Changes()
    {
        lock (_gate)
        {
            return [.. _order.Reverse().Select(id => _changes[id])];
        }
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        foreach (var record in batch)
        {
            switch (record.Header.TemplateId)
            {
                case TemplateIds.Strategy when StrategyView.TryRead(in record, out var strategy):
                    Take(batch.First.SourceId, in strategy);
                    break;
                case TemplateIds.ParameterChange when ParameterChangeView.TryRead(in record, out var change):
                    Take(in change);
                    break;
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Takes the changes that the journal remembers.</summary>
    public async Task RestoreAsync(IRecordLog log, CancellationToken cancellationToken)
    {
        await foreach (var batch in log.ReadAsync(Lsn.None, follow: false, Templates, cancellationToken))
        {
            try
            {
                Restore(batch);
            }
            finally
            {
                batch.Release();
            }
        }
    }

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, MaxText)]);

    private static DateTimeOffset Time(ulong nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks((long)(nanoseconds / 100));

    private void Restore(RecordBatch batch)
    {
        foreach (var record in batch)
        {
            if (record.Header.TemplateId == TemplateIds.ParameterChange && ParameterChangeView.TryRead(in record, out var change))
            {
                Take(in change);
            }
        }
    }

    private void Take(uint sourceId, in StrategyView strategy)
    {
        var facts = new StrategyFacts(Name(sourceId), strategy.Record, Text(strategy.Name), Text(strategy.Parameters), _time.GetUtcNow());
        lock (_gate)
        {
            var key = (sourceId, strategy.Record.StrategyId);
            if (_strategies.Count < MaxStrategies || _strategies.ContainsKey(key))
            {
                _strategies[key] = facts;
            }
        }
    }

    private void Take(in ParameterChangeView change)
    {
        ref readonly var record = ref change.Record;
        var at = Time(record.ChangedNanoseconds);
        var row = new ChangeRow(
            record.UpdateId, Name(record.SourceId), record.StrategyId, record.Revision, Text(change.Parameters), Text(change.Actor), at, record.State, at, Text(change.Reason));
        lock (_gate)
        {
            if (_changes.TryGetValue(record.UpdateId, out var before))
            {
                _changes[record.UpdateId] = row.State == ParameterState.Requested ? before : row with { RequestedAt = before.RequestedAt };
                return;
            }

            _changes[record.UpdateId] = row;
            _order.Enqueue(record.UpdateId);
            if (_order.Count > MaxChanges)
            {
                _changes.Remove(_order.Dequeue());
            }
        }
    }

    private string Name(uint sourceId) => _names.TryGetValue(sourceId, out var name) ? name : FormattableString.Invariant($"{sourceId:x8}");
}
