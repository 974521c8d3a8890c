namespace Mev.Sdk;

/// <summary>Tells the first sighting of a transaction from later ones, over a bounded window of recent signatures.</summary>
/// <remarks>
/// Exact, never probabilistic: within the window a signature is reported as new once, and a new one is never mistaken for an old one. Two
/// generations of a hash set hold between one and two windows; memory is at most about 200 bytes times the window. What is older than the
/// window is reported as new again, so a store that must hold one row a signature also compares with what it has. Not thread-safe: each
/// consumer that sees records in LSN order has its own.
/// </remarks>
public sealed class SightingFilter
{
    private readonly int _window;
    private HashSet<Signature> _young = [];
    private HashSet<Signature> _old = [];

    /// <summary>Makes an empty filter.</summary>
    /// <param name="window">How many of the latest signatures are remembered at least.</param>
    public SightingFilter(int window = 500_000)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(window);
        _window = window;
    }

    /// <summary>Notes a sighting.</summary>
    /// <param name="signature">The transaction.</param>
    /// <returns>True when it is the first within the window.</returns>
    public bool TryAdd(in Signature signature)
    {
        if (_old.Contains(signature) || !_young.Add(signature))
        {
            return false;
        }

        if (_young.Count >= _window)
        {
            (_young, _old) = (_old, _young);
            _young.Clear();
        }

        return true;
    }
}
