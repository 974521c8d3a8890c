using System.Runtime.InteropServices;
using Mev.Sdk.DashboardHost.Engine;
using Mev.Sdk.Storage.Archive;

namespace Mev.Sdk.DashboardHost.Archive;

/// <summary>The verbs that work on an archive without a dashboard.</summary>
internal static class ArchiveCommand
{
    /// <summary>The first argument.</summary>
    public const string Verb = "archive";

    /// <summary>It could not be done.</summary>
    public const int Failed = 1;

    /// <summary>It was done, and something was wrong: files that could not be taken, damage.</summary>
    public const int Found = 2;

    /// <summary>It was ended from outside.</summary>
    public const int Cancelled = 130;

    private const string Usage = """
        usage: archive import DIR  [--archive DIR] [--on-bad-file skip|stop] [--log-id N] [--object-megabytes N]
               archive list        [--archive DIR]
               archive verify      [--archive DIR]
               archive export --to FILE.parquet|FILE.arrow  [--archive DIR] [--slots FIRST-LAST] [--table transactions|swaps|blocks|...] [--raw yes|no]
               archive manifest --of FILE.duckdb --to FILE.json
               archive restore --to FILE.duckdb  [--archive DIR] [--journal DIR] [--check FILE.json]
        An import or a restore can be ended and started again. README.md says more.
        """;

    /// <summary>Runs a verb until it is done or the console ends it.</summary>
    /// <param name="args">What is behind "archive".</param>
    /// <param name="output">Results.</param>
    /// <param name="error">Progress and complaints.</param>
    /// <returns>0 = done and all is well, 1 = could not be done, 2 = done and something was wrong, 130 = ended from outside.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        using var stopping = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await RunAsync(args, output, error, stopping.Token);

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stopping.Cancel();
        }
    }

    /// <summary>Runs a verb.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            return args switch
            {
                ["import", .. var rest] => await ImportVerb.RunAsync(rest, output, error, cancellationToken),
                ["list", .. var rest] => await ListVerb.RunAsync(rest, output, cancellationToken),
                ["verify", .. var rest] => await VerifyVerb.RunAsync(rest, output, error, cancellationToken),
                ["export", .. var rest] => await ExportVerb.RunAsync(rest, output, error, cancellationToken),
                ["manifest", .. var rest] => await ManifestVerb.RunAsync(rest, output, error, cancellationToken),
                ["restore", .. var rest] => await RestoreVerb.RunAsync(rest, output, error, cancellationToken),
                _ => throw new StartupException(Usage),
            };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await error.WriteLineAsync("\nended; start it again to go on");
            return Cancelled;
        }
        catch (ArchiveKeyException key)
        {
            await error.WriteLineAsync($"error: {key.Message}");
            return Failed;
        }
        catch (Exception exception) when (FailureText.Describe(exception) is { } line)
        {
            await error.WriteLineAsync(line == Usage ? line : $"error: {line.ReplaceLineEndings(" ")}");
            return Failed;
        }
    }
}
