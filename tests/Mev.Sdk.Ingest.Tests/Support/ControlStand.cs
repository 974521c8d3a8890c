using Mev.Sdk.Ingest.Control;
using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Transports;

namespace Mev.Sdk.Ingest.Tests.Support;

/// <summary>A host with a control channel to engines, running until disposed: a crash as far as its log is concerned.</summary>
internal sealed class ControlStand : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _running;

    public ControlStand(ControlLog? log, TimeProvider? time = null, EngineControlOptions? options = null, params (string Name, string Endpoint)[] engines)
    {
        var lane = new SystemLane(new RecordSequencerOptions { OwnRecordDelay = TimeSpan.Zero });
        Monitor = new IngestMonitor();
        var gaps = new GapLedger(lane);
        var sources = engines.Select(engine => new EngineRecordSource(
            new EngineSourceOptions
            {
                Name = engine.Name,
                Endpoint = engine.Endpoint,
                ReconnectInitialDelay = TimeSpan.FromMilliseconds(5),
                ReconnectMaxDelay = TimeSpan.FromMilliseconds(50),
            },
            () => log,
            gaps,
            Monitor)).ToArray();
        Control = new EngineControl(sources, lane, () => log, options, time);
        log?.Listeners.Add(Control);
        Sequencer = new RecordSequencer(log is null ? [Control] : [log, Control], log, lane);
        _running = [.. sources.Select(source => source.RunAsync(Sequencer, _stop.Token))];
    }

    public EngineControl Control { get; }

    public IngestMonitor Monitor { get; }

    public RecordSequencer Sequencer { get; }

    public Task ConnectedAsync() =>
        Eventually.BecomesAsync(() => Monitor.GetSnapshot().Sources.All(source => source.State == SourceState.Connected), () => "not connected");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        await Control.DisposeAsync();
        await Sequencer.DisposeAsync();
        _stop.Dispose();
    }
}
