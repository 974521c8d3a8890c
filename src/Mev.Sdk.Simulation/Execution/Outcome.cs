namespace Mev.Sdk.Simulation.Execution;

/// <summary>What an order did to the market.</summary>
internal sealed class Outcome
{
    private readonly Leg[] _legs = new Leg[2];
    private int _legCount;

    /// <summary>Swaps executed; empty when it failed.</summary>
    public ReadOnlySpan<Leg> Legs => _legs.AsSpan(0, _legCount);

    /// <summary>Which swap, or a transfer as the first one, failed, from 0; -1 = none.</summary>
    public int FailedSwap { get; private set; }

    /// <summary>Why it failed.</summary>
    public FailureKind Failure { get; private set; }

    public bool Succeeded => Failure == FailureKind.None;

    public ulong FeeLamports { get; set; }

    /// <summary>Wrapped SOL and tokens that a withdrawal took.</summary>
    public (ulong Sol, ulong Token) Withdrawn { get; set; }

    public void Reset()
    {
        _legCount = 0;
        FailedSwap = -1;
        Failure = FailureKind.None;
        FeeLamports = 0;
        Withdrawn = default;
    }

    public void Fail(int swap, FailureKind failure)
    {
        FailedSwap = swap;
        Failure = failure;
    }

    public void Add(in Leg leg) => _legs[_legCount++] = leg;
}
