namespace Mev.Sdk.Storage.DuckDb;

/// <summary>Tells from which LSN on a <see cref="SightingFilter"/> knows every sighting that is stored, so that new ones are compared only with rows before it.</summary>
/// <param name="window">The latest signatures that the filter remembers at least.</param>
internal sealed class FilterCover(int window)
{
    private readonly Queue<(ulong First, int Added)> _runs = new();
    private ulong _behind;
    private long _added;

    /// <summary>What the filter did not reject of rows from here on is in none of them.</summary>
    public Lsn From => new(_runs.TryPeek(out var oldest) ? oldest.First : _behind);

    /// <summary>Notes records that the filter has seen, in order, before they are stored.</summary>
    /// <param name="first">The first record.</param>
    /// <param name="last">The last one.</param>
    /// <param name="added">Signatures that were new to the filter.</param>
    public void Note(Lsn first, Lsn last, int added)
    {
        _runs.Enqueue((first.Value, added));
        _behind = last.Value + 1;
        _added += added;
        while (_added > window)
        {
            _added -= _runs.Dequeue().Added;
        }
    }
}
