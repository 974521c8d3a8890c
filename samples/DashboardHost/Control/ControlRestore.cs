namespace Mev.Sdk.DashboardHost.Control;

/// <summary>Reads the earlier changes of parameters from the journal, beside everything else.</summary>
internal sealed class ControlRestore(ControlView view, IRecordLog log, ILogger<ControlRestore> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            await view.RestoreAsync(log, stoppingToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            logger.LogWarning(exception, "Earlier changes of parameters cannot be shown");
        }
    }
}
