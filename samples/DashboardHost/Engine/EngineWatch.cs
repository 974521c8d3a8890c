using EngineSimulator;

namespace Mev.Sdk.DashboardHost.Engine;

/// <summary>Tells when the embedded engine ends by itself, and ends it in order before the sources stop: a stream that stops is never silent.</summary>
internal sealed class EngineWatch(SimulatorEngine engine, ILogger<EngineWatch> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await engine.Completion.WaitAsync(stoppingToken);
            logger.LogInformation("The embedded engine has sent everything: {Description}", engine.Description);
        }
        catch (OperationCanceledException)
        {
            // The host goes down.
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "The embedded engine failed; no more records will come from it");
        }
    }

    // Stopped before the sources, since it starts after them: they hear the goodbye, and the next start knows that this session is whole.
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await engine.DisposeAsync();
    }
}
