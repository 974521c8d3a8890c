namespace Mev.Sdk.Simulation.Searching;

/// <summary>The last tips that landed, and where a tip stands among them.</summary>
internal sealed class TipWindow
{
    /// <summary>Tips remembered.</summary>
    public const int Size = 64;

    private readonly ulong[] _tips = new ulong[Size];
    private int _next;

    public void Add(ulong lamports)
    {
        _tips[_next] = lamports;
        _next = (_next + 1) % Size;
    }

    /// <summary>How many of the remembered tips are lower, 0 to <see cref="Size"/>.</summary>
    public int Rank(ulong lamports)
    {
        var rank = 0;
        foreach (var tip in _tips)
        {
            rank += tip < lamports ? 1 : 0;
        }

        return rank;
    }
}
