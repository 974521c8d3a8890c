using System.Globalization;
using Mev.Sdk.Solana.Internal;

namespace Mev.Sdk.Solana.Instructions;

/// <summary>Gives each instruction the compute units that the log says it consumed.</summary>
/// <remarks>Lines: Agave's <c>stable_log</c>: "Program KEY invoke [DEPTH]", "Program KEY consumed N of M compute units", "Program KEY success" or "failed: ...".</remarks>
internal static class ComputeUnitLog
{
    /// <summary>Walks the log beside the steps; stops where they no longer agree, as they do behind a cut.</summary>
    /// <returns>One entry a step.</returns>
    public static long?[] Read(string[] log, in ExecutionView view)
    {
        var units = new long?[view.Steps.Length];
        var open = new Stack<int>();
        var next = 0;
        foreach (var line in log)
        {
            if (!line.StartsWith("Program ", StringComparison.Ordinal))
            {
                continue;
            }

            // What follows does not matter, and a line is as long as its program likes.
            switch (line.Split(' ', 6))
            {
                case ["Program", var key, "invoke", ['[', .. var depth, ']']]:
                    // Precompiled programs log nothing, so a step may be skipped, never a line.
                    while (next < units.Length && !(Matches(in view, next, key) && depth == Text(view.Steps[next].Depth)))
                    {
                        next++;
                    }

                    if (next == units.Length)
                    {
                        return units;
                    }

                    open.Push(next++);
                    break;
                case ["Program", var key, "consumed", var consumed, "of", ..] when open.TryPeek(out var top) && Matches(in view, top, key):
                    units[top] = long.TryParse(consumed, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
                    break;
                case ["Program", var key, "success" or "failed:", ..] when open.TryPeek(out var top) && Matches(in view, top, key):
                    open.Pop();
                    break;
            }
        }

        return units;
    }

    private static bool Matches(in ExecutionView view, int step, string key) =>
        Pubkey.TryParse(key, null, out var program) && view.Keys[view.Steps[step].Program] == program;

    private static string Text(int depth) => depth.ToString(CultureInfo.InvariantCulture);
}
