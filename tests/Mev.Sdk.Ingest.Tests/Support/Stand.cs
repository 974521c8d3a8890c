using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Transports;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Ingest.Tests.Support;

/// <summary>A host with one TCP source, a sequencer and a collecting sink, running until disposed.</summary>
internal sealed class Stand : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();

    public Stand(string endpoint, Action<EngineSourceOptions>? configure = null, IRecordLog? log = null, TimeProvider? time = null, CollectingSink? sink = null, ILogger<EngineRecordSource>? logger = null)
    {
        Sink = sink ?? new CollectingSink();
        Monitor = new IngestMonitor(time);
        Sequencer = new RecordSequencer(log is IRecordSink keeps ? [Sink, keeps] : [Sink], log, monitor: Monitor);
        Gaps = new GapLedger(Sequencer, time);
        var options = new EngineSourceOptions
        {
            Name = "engine",
            Endpoint = endpoint,
            ReconnectInitialDelay = TimeSpan.FromMilliseconds(5),
            ReconnectMaxDelay = TimeSpan.FromMilliseconds(50),
        };
        configure?.Invoke(options);
        Source = new EngineRecordSource(options, () => log, Gaps, Monitor, time, logger);
        (log as FakeLog)?.Listeners.Add(Source);
        (log as MemoryLog)?.Listeners.Add(Source);
        Running = Source.RunAsync(Sequencer, _stop.Token);
    }

    public Stand(EnginePublisher engine, Action<EngineSourceOptions>? configure = null, IRecordLog? log = null, CollectingSink? sink = null)
        : this($"tcp://{engine.LocalEndPoint}", configure, log, sink: sink)
    {
    }

    public CollectingSink Sink { get; }

    public RecordSequencer Sequencer { get; }

    public IngestMonitor Monitor { get; }

    public GapLedger Gaps { get; }

    public EngineRecordSource Source { get; }

    public Task Running { get; }

    public SourceSnapshot Snapshot => Monitor.GetSnapshot().Sources.Single();

    public Task StateAsync(SourceState state) => Eventually.BecomesAsync(() => Snapshot.State == state, () => $"state is {Snapshot.State}: {Snapshot.Reason}");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await Running;
        }
        catch (IntakeStoppedException)
        {
            // Tests that stop the intake look at it themselves.
        }

        await Sequencer.DisposeAsync();
        _stop.Dispose();
    }
}
