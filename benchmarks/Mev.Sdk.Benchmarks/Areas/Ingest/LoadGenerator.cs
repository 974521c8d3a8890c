using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Mev.Sdk.Benchmarks.Children;
using Mev.Sdk.Benchmarks.Data;
using Mev.Sdk.Benchmarks.Scorecard;

namespace Mev.Sdk.Benchmarks.Areas.Ingest;

/// <summary>A process that publishes for as long as somebody subscribes.</summary>
internal sealed class LoadGenerator : IDisposable
{
    private const string Endless = "1000000000000";
    private static readonly TimeSpan CompilerPatience = TimeSpan.FromMinutes(3);

    private LoadGenerator(ChildProcess process, string kind, IReadOnlyList<string> endpoints)
    {
        Process = process;
        Kind = kind;
        Endpoints = endpoints;
    }

    /// <summary>Which publisher it is, for the note.</summary>
    public string Kind { get; }

    /// <summary>Where it listens, in the order asked for.</summary>
    public IReadOnlyList<string> Endpoints { get; }

    public ChildProcess Process { get; }

    /// <summary>Starts the .NET publisher.</summary>
    public static LoadGenerator StartManaged(string framesFile, params IReadOnlyList<string> endpoints)
    {
        var process = ChildProcess.StartSelf([PublisherChild.Name, framesFile, .. endpoints]);
        return new LoadGenerator(process, "the .NET publisher", [.. endpoints.Select(_ => process.ReadLine())]);
    }

    /// <summary>Compiles and starts the C++ publisher.</summary>
    /// <param name="folder">Where the program goes.</param>
    /// <param name="frameBytes">Bytes of a frame.</param>
    /// <param name="endpoint">Where it listens.</param>
    /// <param name="why">Why it is not there, when it is not.</param>
    public static LoadGenerator? TryStartNative(string folder, int frameBytes, string endpoint, out string why)
    {
        var source = Path.Combine(RepositoryFolder.Path ?? "", "native", "bench", "load_generator.cpp");
        var program = Path.Combine(folder, "load_generator");
        why = File.Exists(source) ? Compile(source, program) : $"{source} is not there";
        if (why.Length > 0)
        {
            return null;
        }

        var process = ChildProcess.Start(program, endpoint, Endless, frameBytes.ToString(CultureInfo.InvariantCulture));
        const string Says = "listening ";
        var line = process.ReadLine();
        if (!line.StartsWith(Says, StringComparison.Ordinal))
        {
            process.Dispose();
            throw new InvalidOperationException($"The C++ load generator said \"{line}\".");
        }

        return new LoadGenerator(process, "the C++ publisher", [line[Says.Length..]]);
    }

    public void Dispose() => Process.Dispose();

    private static string Compile(string source, string program)
    {
        try
        {
            using var compiler = System.Diagnostics.Process.Start(new ProcessStartInfo("g++", ["-std=c++17", "-O2", "-pthread", "-o", program, source]) { RedirectStandardError = true })!;
            var errors = compiler.StandardError.ReadToEndAsync();
            if (!compiler.WaitForExit(CompilerPatience))
            {
                compiler.Kill();
                return $"g++ took longer than {CompilerPatience}";
            }

            return compiler.ExitCode == 0 ? "" : throw new InvalidOperationException($"g++ does not compile {source}: {errors.Result}");
        }
        catch (Win32Exception)
        {
            return "g++ is not there";
        }
    }
}
