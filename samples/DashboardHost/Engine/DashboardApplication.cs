using System.Runtime.InteropServices;
using Mev.Sdk.DashboardHost.Security;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Mev.Sdk.DashboardHost.Engine;

/// <summary>Starts the host, or says in one line why it cannot.</summary>
internal static class DashboardApplication
{
    /// <summary>Where the host listens unless told otherwise.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5080";

    private const int BadStart = 1;
    private const int Crashed = 3;

    /// <summary>Runs until it is stopped.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="error">Where a failed start is explained.</param>
    /// <returns>0 after an orderly end, 1 when the host could not start, 3 when a service of it crashed.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter error)
    {
        try
        {
            CommandLine.Check(args);
            await using var dashboard = await Dashboard.BuildAsync(args);
            await dashboard.App.StartAsync();
            Announce(dashboard);
            await dashboard.App.WaitForShutdownAsync();
            return await ReportCrashAsync(dashboard, error);
        }
        catch (Exception exception) when (FailureText.Describe(exception) is { } line)
        {
            await error.WriteLineAsync($"error: {line.ReplaceLineEndings(" ")}");
            return BadStart;
        }
    }

    // The host's own log of a failed start or service is silenced (a start that fails says so in one line); a service that crashed is told here.
    private static async Task<int> ReportCrashAsync(Dashboard dashboard, TextWriter error)
    {
        var crashes = dashboard.App.Services.GetServices<IHostedService>().OfType<BackgroundService>()
            .Where(static s => s.ExecuteTask is { IsFaulted: true }).ToArray();
        foreach (var service in crashes)
        {
            await error.WriteLineAsync($"error: {service.GetType().Name} failed and stopped the host: {service.ExecuteTask!.Exception!.GetBaseException()}");
        }

        return crashes.Length == 0 ? 0 : Crashed;
    }

    private static void Announce(Dashboard dashboard)
    {
        var addresses = dashboard.App.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        dashboard.App.Logger.LogInformation(
            "Dashboard: {Addresses} · {Mode} data in {Directory} · {Runtime}",
            string.Join(' ', addresses), dashboard.Settings.Mode, Path.GetFullPath(dashboard.Settings.DataDirectory), RuntimeInformation.FrameworkDescription);
    }
}
