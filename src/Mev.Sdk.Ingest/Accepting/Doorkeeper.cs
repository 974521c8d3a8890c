namespace Mev.Sdk.Ingest.Accepting;

/// <summary>Counts connections: so many of engines that were let in, and as many that have not yet proven who they are, of which the oldest gives way.</summary>
/// <remarks>Thread-safe. Idle strangers thus cannot take the place of an engine: a handshake takes an engine milliseconds.</remarks>
internal sealed class Doorkeeper(int limit)
{
    private readonly Lock _gate = new();
    private readonly HashSet<AcceptedConnection> _proven = [];

    // The oldest first.
    private readonly LinkedList<AcceptedConnection> _unproven = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _proven.Count + _unproven.Count;
            }
        }
    }

    public bool HasRoom
    {
        get
        {
            lock (_gate)
            {
                return _proven.Count < limit;
            }
        }
    }

    /// <summary>Takes a connection in, of somebody who has proven nothing.</summary>
    /// <returns>False when as many engines are served as may be.</returns>
    public bool TryEnter(AcceptedConnection connection)
    {
        AcceptedConnection? oldest = null;
        lock (_gate)
        {
            if (_proven.Count >= limit)
            {
                return false;
            }

            if (_unproven.Count >= limit)
            {
                oldest = _unproven.First!.Value;
                _unproven.RemoveFirst();
            }

            _unproven.AddLast(connection);
        }

        oldest?.Replace();
        return true;
    }

    /// <summary>The engine is who it says it is.</summary>
    /// <returns>False when it gave way to another a moment before.</returns>
    public bool Prove(AcceptedConnection connection)
    {
        lock (_gate)
        {
            return _unproven.Remove(connection) && _proven.Add(connection);
        }
    }

    /// <summary>The connection is over; also one that was never taken in.</summary>
    public void Leave(AcceptedConnection connection)
    {
        lock (_gate)
        {
            if (!_proven.Remove(connection))
            {
                _unproven.Remove(connection);
            }
        }
    }
}
