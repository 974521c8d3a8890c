using System.Runtime.CompilerServices;

namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>Parts of the history that references count from, so that they stay the same when what lies between changes in length.</summary>
internal struct HistorySections
{
    public const int Parent = 0;
    public const int Previous = 1;
    public const int Tokens = 2;
    public const int Balances = 3;

    /// <summary>Everything, from the start.</summary>
    public const int Whole = 4;
    public const int Count = 5;

    private Bounds _starts;
    private Bounds _ends;

    public static HistorySections None
    {
        get
        {
            var sections = default(HistorySections);
            for (var i = 0; i < Whole; i++)
            {
                sections.Forget(i);
            }

            return sections;
        }
    }

    public readonly int StartOf(int section) => _starts[section];

    /// <summary>Bytes of a section; of the whole history as many as it has.</summary>
    public readonly int LengthOf(int section, int historyLength) => section == Whole ? historyLength : Math.Max(1, _ends[section] - _starts[section]);

    public readonly bool IsSet(int section) => _starts[section] >= 0;

    public void Set(int section, int start, int end)
    {
        _starts[section] = start;
        _ends[section] = end;
    }

    public void Forget(int section) => Set(section, -1, -1);

    /// <summary>The first section that holds a place.</summary>
    public readonly int SectionOf(int at)
    {
        for (var i = 0; i < Whole; i++)
        {
            if (_starts[i] >= 0 && at >= _starts[i] && at < _ends[i])
            {
                return i;
            }
        }

        return Whole;
    }

    [InlineArray(Count)]
    private struct Bounds
    {
        private int _first;
    }
}
