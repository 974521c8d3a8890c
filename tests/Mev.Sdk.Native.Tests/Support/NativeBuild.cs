using System.ComponentModel;
using System.Diagnostics;

namespace Mev.Sdk.Native.Tests.Support;

/// <summary>Builds native/tests/test_engine.cpp and the example once a run, in the folder that eng/test.sh builds in too.</summary>
internal static class NativeBuild
{
    private static readonly Lazy<Task<(string Engine, string Problem)>> Built = new(BuildAsync);

    public static string Repository { get; } = FindRepository();

    /// <summary>The executable of the README's example.</summary>
    public static async Task<string> GetExampleAsync() => Path.Combine(Path.GetDirectoryName(await GetEngineAsync())!, "minimal_engine");

    /// <summary>The engine's executable. Without a compiler the test skips, or fails in CI.</summary>
    public static async Task<string> GetEngineAsync()
    {
        var (engine, problem) = await Built.Value;
        if (problem.Length > 0)
        {
            Assert.SkipUnless(string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase), problem);
            Assert.Fail(problem);
        }

        return engine;
    }

    private static async Task<(string Engine, string Problem)> BuildAsync()
    {
        var folder = Path.Combine(Repository, "artifacts", "native");
        try
        {
            if (!File.Exists(Path.Combine(folder, "CMakeCache.txt")))
            {
                await RunAsync("-S", Path.Combine(Repository, "native"), "-B", folder);
            }

            await RunAsync("--build", folder, "--target", "test_engine", "minimal_engine");
        }
        catch (Win32Exception exception)
        {
            return ("", $"cmake was not found, so the C++ engine cannot be built: {exception.Message}");
        }

        return (Path.Combine(folder, "test_engine"), "");
    }

    private static async Task RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("cmake", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"cmake {string.Join(' ', arguments)}: {await output}{await errors}");
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Mev.Sdk.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("The repository was not found above the tests.");
    }
}
