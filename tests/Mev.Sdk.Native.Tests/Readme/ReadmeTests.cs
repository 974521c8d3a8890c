using System.Diagnostics;
using System.Net.NetworkInformation;
using Mev.Sdk.Native.Tests.Support;

namespace Mev.Sdk.Native.Tests.Readme;

/// <summary>What native/README.md shows first: a whole engine and a whole host.</summary>
public sealed class ReadmeTests
{
    private const string Mark = "<!-- example: tests/Mev.Sdk.Native.Tests/Readme/ReadmeHost.cs -->";
    private const int Port = 9700;

    [Fact]
    public void Host_is_the_code_that_the_tests_compile()
    {
        var readme = File.ReadAllText(Path.Combine(NativeBuild.Repository, "native", "README.md"));
        var source = File.ReadAllText(Path.Combine(NativeBuild.Repository, "tests", "Mev.Sdk.Native.Tests", "Readme", "ReadmeHost.cs"));
        Assert.Contains($"{Mark}\n```csharp\n{Region(source, "usings")}\n{Region(source, "program")}```\n", readme, StringComparison.Ordinal);
        Assert.Contains($"tcp://127.0.0.1:{Port}", readme, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Needs", "native")]
    public async Task Engine_ends_well_when_a_host_keeps_its_records()
    {
        Assert.SkipWhen(
            IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(static listener => listener.Port == Port), $"Port {Port} of the example is taken on this machine.");
        using var folder = new TemporaryFolder();
        using var engine = Process.Start(new ProcessStartInfo(await NativeBuild.GetExampleAsync()) { RedirectStandardError = true })!;
        try
        {
            await using var host = new HostProcess($"tcp://127.0.0.1:{Port}", Path.Combine(folder.Path, "data"));
            await engine.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
            Assert.True(engine.ExitCode == 0, $"the example ended with {engine.ExitCode}: {await engine.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}");
            await Eventually.BecomesAsync(() => host.Acknowledged == 1000, () => $"{host.Acknowledged} of 1000 are acknowledged");
        }
        finally
        {
            engine.Kill();
        }
    }

    private static string Region(string source, string name)
    {
        var start = source.IndexOf($"// snippet-start: {name}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"ReadmeHost.cs has no region {name}.");
        start = source.IndexOf('\n', start) + 1;
        var lines = source[start..source.IndexOf("// snippet-end", start, StringComparison.Ordinal)].TrimEnd().Split('\n');
        var indentation = lines.Where(static line => line.Length > 0).Min(static line => line.Length - line.TrimStart().Length);
        return string.Concat(lines.Select(line => (line.Length > 0 ? line[indentation..] : line) + "\n"));
    }
}
