using Mev.Sdk.Solana.Instructions;

namespace Mev.Sdk.DashboardHost.Transactions;

/// <summary>As much of a log as the page shows: nodes cut it at 10,000 bytes unless they are told not to, and a source can claim any length.</summary>
/// <param name="Lines">The first lines.</param>
/// <param name="MoreLines">Whole lines behind them.</param>
/// <param name="MoreCharacters">Characters that the last line shown lost.</param>
internal sealed record LogExcerpt(IReadOnlyList<string> Lines, int MoreLines, int MoreCharacters)
{
    /// <summary>Lines shown.</summary>
    public const int MaxLines = 1_000;

    /// <summary>Characters shown of all lines together.</summary>
    public const int MaxCharacters = 65_536;

    /// <summary>The beginning of a transaction's log.</summary>
    public static LogExcerpt Of(TransactionTrace trace)
    {
        var lines = new List<string>();
        var left = MaxCharacters;
        foreach (var line in trace.Log)
        {
            if (lines.Count == MaxLines || left == 0)
            {
                break;
            }

            if (line.Length > left)
            {
                // Half of a surrogate pair is no character.
                var cut = char.IsHighSurrogate(line[left - 1]) ? left - 1 : left;
                lines.Add(line[..cut]);
                return new LogExcerpt(lines, trace.Log.Count - lines.Count, line.Length - cut);
            }

            lines.Add(line);
            left -= line.Length;
        }

        return new LogExcerpt(lines, trace.Log.Count - lines.Count, 0);
    }
}
