namespace Mev.Sdk.Ingest.Session;

/// <summary>
/// Holds an acknowledgement back where it would let the engine forget records that are still to be replayed, or that were replayed and are not yet
/// durable. Outlives connections; thread-safe.
/// </summary>
internal sealed class AckGate
{
    private readonly Lock _gate = new();
    private readonly List<(ulong First, Lsn Last)> _healing = [];
    private ulong _open = ulong.MaxValue;
    private Lsn _durable;

    /// <summary>The last sequence that may be acknowledged.</summary>
    public ulong Limit
    {
        get
        {
            lock (_gate)
            {
                var first = _open;
                foreach (var healing in _healing)
                {
                    first = Math.Min(first, healing.First);
                }

                return first - 1;
            }
        }
    }

    /// <summary>Says which record is the first that may yet be replayed; null = none.</summary>
    public void SetOpen(ulong? first)
    {
        lock (_gate)
        {
            _open = first ?? ulong.MaxValue;
        }
    }

    /// <summary>Records from <paramref name="first"/> on were replayed and are durable once the log is at <paramref name="last"/>.</summary>
    public void AddHealing(ulong first, Lsn last)
    {
        lock (_gate)
        {
            // The log may have committed between taking them and this call; it tells of that once only.
            if (last <= _durable)
            {
                return;
            }

            // One entry a read is plenty: what came later is durable later, so neighbours may share the later mark.
            if (_healing.Count >= 1024)
            {
                _healing[^1] = (Math.Min(_healing[^1].First, first), last);
                return;
            }

            _healing.Add((first, last));
        }
    }

    /// <summary>The log is durable up to here.</summary>
    public void OnDurable(Lsn durable)
    {
        lock (_gate)
        {
            _durable = durable > _durable ? durable : _durable;
            _healing.RemoveAll(healing => healing.Last <= durable);
        }
    }

    /// <summary>Another session: nothing of the former one holds anything back.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _healing.Clear();
            _open = ulong.MaxValue;
        }
    }
}
