using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Session;

/// <content>How much is missing, and how the session ended.</content>
internal sealed partial class SessionGaps
{
    /// <summary>How many gaps are open.</summary>
    public int OpenCount { get; private set; }

    /// <summary>How many are final; the session's unknown end is not among them.</summary>
    public int FinalCount { get; private set; }

    /// <summary>Records that open gaps miss.</summary>
    public UInt128 OpenRecords { get; private set; }

    /// <summary>Records that final gaps miss.</summary>
    public UInt128 FinalRecords { get; private set; }

    /// <summary>The entry that says from where on nothing is known; null where there is none. It stands apart, since its end is no number.</summary>
    public CoverageGap? Tail { get; private set; }

    /// <summary>The sequence behind the last one, as the engine said when it ended its stream; 0 = it never did.</summary>
    public ulong EndedAt { get; set; }

    /// <summary>Entries in memory.</summary>
    public int Entries => _gaps.Count + (Tail is null ? 0 : 1);

    /// <summary>Whether nothing needs to be remembered of the session.</summary>
    public bool IsEmpty => _gaps.Count == 0 && Tail is null;

    /// <summary>All entries, ascending.</summary>
    public IEnumerable<CoverageGap> All => Tail is null ? _gaps : _gaps.Append(Tail);

    /// <summary>Sets, changes or takes away what is said of the end.</summary>
    public void SetTail(CoverageGap? tail)
    {
        OpenCount += (tail is { State: GapState.Open } ? 1 : 0) - (Tail is { State: GapState.Open } ? 1 : 0);
        Tail = tail;
    }

    private void Recount()
    {
        (OpenCount, FinalCount, OpenRecords, FinalRecords) = (Tail is { State: GapState.Open } ? 1 : 0, 0, 0, 0);
        foreach (var gap in _gaps)
        {
            Count(gap, 1);
        }
    }

    private void Count(CoverageGap gap, int sign)
    {
        // Modulo 2^128 on the way, never in the end.
        var records = sign > 0 ? gap.MissingRecords : unchecked(UInt128.Zero - gap.MissingRecords);
        if (gap.State == GapState.Open)
        {
            OpenCount += sign;
            OpenRecords = unchecked(OpenRecords + records);
        }
        else if (gap.State == GapState.Final)
        {
            FinalCount += sign;
            FinalRecords = unchecked(FinalRecords + records);
        }
    }
}
