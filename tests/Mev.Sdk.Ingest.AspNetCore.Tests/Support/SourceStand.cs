using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Ingest.Transports;

namespace Mev.Sdk.Ingest.AspNetCore.Tests.Support;

/// <summary>A source, a sequencer and a sink, running until disposed.</summary>
internal sealed class SourceStand : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly IngestMonitor _monitor = new();
    private readonly RecordSequencer _sequencer;

    public SourceStand(string endpoint, Action<EngineSourceOptions>? configure = null)
    {
        var options = new EngineSourceOptions
        {
            Endpoint = endpoint,
            ReconnectInitialDelay = TimeSpan.FromMilliseconds(5),
            ReconnectMaxDelay = TimeSpan.FromMilliseconds(50),
        };
        configure?.Invoke(options);
        _sequencer = new RecordSequencer([Sink]);
        Running = new EngineRecordSource(options, monitor: _monitor).RunAsync(_sequencer, _stop.Token);
    }

    public CollectingSink Sink { get; } = new();

    public Task Running { get; }

    public SourceSnapshot Snapshot => _monitor.GetSnapshot().Sources.Single();

    public Task ReasonAsync(string part) =>
        Eventually.BecomesAsync(() => Snapshot.Reason.Contains(part, StringComparison.Ordinal), () => $"{Snapshot.State}: {Snapshot.Reason}");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Running;
        await _sequencer.DisposeAsync();
        _stop.Dispose();
    }
}
