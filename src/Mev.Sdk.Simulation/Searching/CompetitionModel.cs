using Mev.Sdk.Simulation.Randomness;

namespace Mev.Sdk.Simulation.Searching;

/// <summary>The chances that remain once the strategy has decided: functions of what everybody can see in the stream, in 1/65536.</summary>
/// <remarks>The seam for a deeper market: rivals who learn replace this class, not the code around it.</remarks>
/// <param name="competition">How much rivals want what the strategy wants, in 1/65536.</param>
internal sealed class CompetitionModel(uint competition)
{
    /// <summary>A profit at which half of the possible rivals come, lamports.</summary>
    private const ulong HalfInterestLamports = 600_000;

    /// <summary>The chance that a rival is there first: more profit draws more of them, a higher tip keeps them out.</summary>
    /// <param name="profitLamports">Expected profit of the gap.</param>
    /// <param name="tipRank">The tip's rank among recent ones, 0 to 64.</param>
    public uint RivalFirst(ulong profitLamports, int tipRank)
    {
        var interest = (ulong)((UInt128)competition * profitLamports / (profitLamports + HalfInterestLamports));
        return (uint)(interest * (ulong)(96 - tipRank) / 96);
    }

    /// <summary>The chance that a transaction lands at all: less in a busy market, more with a tip that stands out.</summary>
    /// <param name="activity">The market's activity in 1/1024 of its mean.</param>
    /// <param name="tipRank">The tip's rank among recent ones, 0 to 64.</param>
    public static uint Landing(int activity, int tipRank)
    {
        var busy = Math.Max(0, activity - 1_024) * 12;
        return (uint)Math.Clamp(56_000 - busy + (tipRank * 120), Xoshiro256.One / 3, 64_000);
    }
}
