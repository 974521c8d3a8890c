using System.Runtime.InteropServices;

namespace Mev.Sdk.Wire;

/// <summary>One score of an <see cref="OpportunityScoresMessage"/>.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct OpportunityScore
{
    /// <summary>Bytes of an entry.</summary>
    public const int Size = 32;

    /// <summary>The engine's id of the opportunity, of the session the frame is sent in.</summary>
    public ulong OpportunityId;

    /// <summary>Profit before cost that the model expects, lamports; 0 = not stated.</summary>
    public long ExpectedProfitLamports;

    /// <summary>Probability that it is real, 0 to 1.</summary>
    public float Score;

    /// <summary>Probability with which the policy would have chosen what it chose, 0 to 1.</summary>
    public float Propensity;

    /// <summary>What the policy chose.</summary>
    public ScoreDecision Decision;

    /// <summary>Reserved; 0.</summary>
    public uint Reserved;
}
