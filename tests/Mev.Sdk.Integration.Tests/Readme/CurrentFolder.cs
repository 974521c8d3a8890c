namespace Mev.Sdk.Integration.Tests.Readme;

/// <summary>Tests that move the process to another folder, and so run alone.</summary>
[CollectionDefinition(nameof(CurrentFolder), DisableParallelization = true)]
public sealed class CurrentFolder
{
    /// <summary>Runs the README's example, which keeps its data under the current folder, in a folder of its own.</summary>
    /// <returns>What it printed.</returns>
    internal static async Task<string> RunExampleAsync()
    {
        using var folder = new TemporaryFolder();
        var before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = folder.Path;
        try
        {
            using var output = new StringWriter();
            await ReadmeExample.RunAsync(output);
            Assert.True(Directory.Exists(Path.Combine(folder.Path, ".mev", "data")), "The example kept nothing where it says.");
            return output.ToString().Trim();
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }
}
