using System.Diagnostics;
using System.Globalization;
using Mev.Sdk.Benchmarks.Areas;

namespace Mev.Sdk.Benchmarks.Scorecard;

/// <summary>Runs areas and prints their measures as JSON Lines; everything else goes to the error stream.</summary>
internal static class ScorecardCommand
{
    public static IReadOnlyList<IArea> Areas { get; } = [new IngestArea(), new SolanaArea(), new StorageArea(), new ArchiveArea(), new ModelsArea()];

    public static int Run(IReadOnlyList<string> names, TextWriter output, TextWriter log)
    {
        var unknown = names.Where(name => !Areas.Any(area => area.Name == name)).ToList();
        if (unknown.Count > 0)
        {
            log.WriteLine($"unknown area {string.Join(", ", unknown)}; there are: {string.Join(", ", Areas.Select(area => area.Name))}");
            return 2;
        }

        if (Debugger.IsAttached || !IsOptimized())
        {
            log.WriteLine("the scorecard needs an optimized build without a debugger: dotnet run -c Release");
            return 2;
        }

        var failed = false;
        foreach (var area in Areas.Where(area => names.Count == 0 || names.Contains(area.Name, StringComparer.Ordinal)))
        {
            var started = Stopwatch.GetTimestamp();
            try
            {
                foreach (var measure in area.Run())
                {
                    measure.WriteTo(output);
                }
            }
            catch (Exception exception) when (exception is InvalidOperationException or IOException or DllNotFoundException)
            {
                // One area that cannot run says why; the others still do.
                log.WriteLine($"{area.Name}: {exception.Message}");
                failed = true;
            }

            log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{area.Name}: {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s"));
        }

        return failed ? 1 : 0;
    }

    private static bool IsOptimized() =>
        typeof(ScorecardCommand).Assembly.GetCustomAttributes(typeof(DebuggableAttribute), inherit: false).OfType<DebuggableAttribute>().All(attribute => !attribute.IsJITOptimizerDisabled);
}
