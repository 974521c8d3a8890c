using System.Runtime.InteropServices;

namespace Mev.Sdk.Records;

/// <summary>One score of a <see cref="PredictionRecord"/>.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct ScoreEntry
{
    /// <summary>Bytes of an entry.</summary>
    public const int Size = 24;

    /// <summary>LSN of the record that was scored.</summary>
    public ulong TransactionLsn;

    /// <summary>Probability that the model gave, 0 to 1.</summary>
    public float Score;

    /// <summary>Probability with which the deployed policy would have chosen what it chose, 0 to 1.</summary>
    public float Propensity;

    /// <summary>Reserved; 0.</summary>
    public ulong Reserved;
}
