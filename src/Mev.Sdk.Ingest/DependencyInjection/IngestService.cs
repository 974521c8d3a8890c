using Mev.Sdk.Ingest.Control;
using Mev.Sdk.Ingest.Diagnostics;
using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Mev.Sdk.Ingest.DependencyInjection;

/// <summary>Runs every source of the host against its sequencer.</summary>
internal sealed class IngestService(
    RecordSequencer sequencer,
    ConfiguredSources configured,
    IEnumerable<IRecordSource> registered,
    EngineControl control,
    IOptions<IngestOptions> options,
    IHostApplicationLifetime lifetime,
    ILogger<IngestService>? logger = null) : BackgroundService
{
    private readonly ILogger _logger = logger ?? NullLogger<IngestService>.Instance;
    private readonly bool _stopHostOnFailure = options.Value.StopHostOnFailure;

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Reports its own failure; updates of an earlier run are then known before the first engine answers.
        _ = control.RestoreAsync();
        BatchLeases.Leaked += OnLeaked;
        return Task.WhenAll(configured.Sources.Concat(registered).Select(source => RunAsync(source, stoppingToken)));
    }

    public override void Dispose()
    {
        BatchLeases.Leaked -= OnLeaked;
        base.Dispose();
    }

    // Nothing comes unless somebody switched the tracking on.
    private void OnLeaked(BatchLeak leak) => Log.BatchLeaked(_logger, leak);

    private async Task RunAsync(IRecordSource source, CancellationToken stoppingToken)
    {
        // One source's failure is not the others': they go on unless the sequencer itself stopped.
        await Task.Yield();
        try
        {
            await source.RunAsync(sequencer, stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host goes down.
        }
        catch (IntakeStoppedException) when (stoppingToken.IsCancellationRequested && sequencer.Failure is { InnerException: null or OperationCanceledException })
        {
            // The sequencer was disposed first: the same end.
        }
        catch (Exception exception)
        {
            Log.SourceFailed(_logger, exception, source.Name);
            if (_stopHostOnFailure)
            {
                lifetime.StopApplication();
            }
        }
    }
}
