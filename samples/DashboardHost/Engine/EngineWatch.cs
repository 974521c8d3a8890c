using EngineSimulator;

namespace Mev.Sdk.DashboardHost.Engine;

/// <summary>Tells when the embedded engine ends by itself: a stream that stops is never silent.</summary>
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
}
