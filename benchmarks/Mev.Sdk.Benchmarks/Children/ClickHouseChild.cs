using Mev.Sdk.ClickHouseStand.Engine;

namespace Mev.Sdk.Benchmarks.Children;

/// <summary>Runs statements in ClickHouse's engine, which ends a process in its own way and so has one of its own.</summary>
internal static class ClickHouseChild
{
    public const string Name = "clickhouse";

    /// <summary>Between two statements of a script.</summary>
    public const string Separator = "\n--\n";

    /// <summary>What the answer to a statement that failed starts with.</summary>
    public const string Failed = "failed: ";

    /// <summary>Says one line for each statement: what it printed, or why it failed.</summary>
    public static async Task RunAsync(string library, string folder, string scriptFile, TextWriter output)
    {
        using var engine = new ChdbEngine(library, folder);
        foreach (var statement in (await File.ReadAllTextAsync(scriptFile).ConfigureAwait(false)).Split(Separator))
        {
            string answer;
            try
            {
                answer = engine.Query(statement).Trim();
            }
            catch (InvalidOperationException failed)
            {
                answer = Failed + failed.Message;
            }

            await output.WriteLineAsync(answer.ReplaceLineEndings(" ")).ConfigureAwait(false);
            await output.FlushAsync().ConfigureAwait(false);
        }
    }
}
