using System.Diagnostics;

namespace Mev.Sdk.Benchmarks.Peers.Stores;

/// <summary>Runs a program of the machine to its end.</summary>
internal static class Tool
{
    /// <summary>Runs it.</summary>
    /// <param name="patience">It is killed after this.</param>
    /// <param name="program">Its name or path.</param>
    /// <param name="args">Its arguments.</param>
    /// <returns>What it wrote to its output.</returns>
    /// <exception cref="InvalidOperationException">It is not there, failed or took too long; the message says which.</exception>
    public static string Run(TimeSpan patience, string program, params IEnumerable<string> args)
    {
        var start = new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        Process? started;
        try
        {
            started = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new InvalidOperationException($"{program}: {missing.Message}", missing);
        }

        using var process = started ?? throw new InvalidOperationException($"{program} did not start.");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(patience))
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"{Path.GetFileName(program)} did not end within {patience.TotalSeconds:F0} s.");
        }

        // A server that it left behind may hold its streams open.
        Task.WaitAll([output, error], TimeSpan.FromSeconds(5));
        return process.ExitCode == 0
            ? output.IsCompleted ? output.Result : ""
            : throw new InvalidOperationException($"{Path.GetFileName(program)} ended with {process.ExitCode}: {(error.IsCompleted ? error.Result.Trim().ReplaceLineEndings(" ") : "")}");
    }
}
