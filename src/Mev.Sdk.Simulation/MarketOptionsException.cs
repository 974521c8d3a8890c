namespace Mev.Sdk.Simulation;

/// <summary>Options that make no market.</summary>
public sealed class MarketOptionsException : ArgumentException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="faults">One sentence a fault, each naming its key and the remedy.</param>
    public MarketOptionsException(IReadOnlyList<string> faults)
        : base(string.Join(' ', faults)) => Faults = faults;

    /// <summary>One sentence a fault, each naming its key and the remedy.</summary>
    public IReadOnlyList<string> Faults { get; }
}
