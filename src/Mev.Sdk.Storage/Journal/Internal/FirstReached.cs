namespace Mev.Sdk.Storage.Journal;

/// <summary>Where in the log a quantity that mostly grows first reached a value; sparse. Not thread-safe.</summary>
/// <param name="step">Rises smaller than this are not kept: an answer may lie before the place by as much.</param>
internal sealed class FirstReached(ulong step)
{
    private readonly List<(ulong Value, Lsn Lsn)> _rises = [];

    /// <summary>Adds the greatest value of the next block; 0 = it has none.</summary>
    public void Add(ulong greatest, Lsn firstLsn)
    {
        if (greatest != 0 && (_rises.Count == 0 || (greatest > _rises[^1].Value && greatest - _rises[^1].Value >= step)))
        {
            _rises.Add((greatest, firstLsn));
        }
    }

    /// <summary>Finds an LSN before which every value is smaller.</summary>
    /// <returns>False when no block reached the value.</returns>
    public bool TryFind(ulong value, ulong greatestOfAll, out Lsn lsn)
    {
        lsn = Lsn.None;
        if (_rises.Count == 0 || value > greatestOfAll)
        {
            return false;
        }

        int low = 0, high = _rises.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_rises[middle].Value < value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        // Between two kept rises the value may have been reached by one too small to keep.
        var isSure = low < _rises.Count && (low == 0 || value - _rises[low - 1].Value >= step);
        lsn = _rises[isSure ? low : low - 1].Lsn;
        return true;
    }

    /// <summary>Forgets places up to an LSN, which are gone.</summary>
    public void Trim(Lsn last, Lsn next)
    {
        var gone = _rises.FindIndex(r => r.Lsn > last);
        gone = gone < 0 ? _rises.Count : gone;
        if (gone == 0)
        {
            return;
        }

        // What was reached within the deleted part had been reached when the rest begins.
        var reached = _rises[gone - 1].Value;
        _rises.RemoveRange(0, gone);
        _rises.Insert(0, (reached, next));
    }
}
