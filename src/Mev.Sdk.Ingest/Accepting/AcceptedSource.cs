using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Transports;

namespace Mev.Sdk.Ingest.Accepting;

/// <summary>One configured engine: its sessions, and the one connection that carries them now.</summary>
internal sealed class AcceptedSource(SourceRunner runner, TimeProvider time)
{
    // A journal that cannot be read takes long to say so, and who asks has not proven anything yet.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private Task<SessionContext>? _context;
    private AcceptedConnection? _current;
    private long _failedSince;

    public SourceRunner Runner => runner;

    /// <summary>Whether an engine must prove that it knows a key.</summary>
    public bool HasKey => runner.HasKey;

    /// <summary>What outlives the connections; made with the first, when the journal stands.</summary>
    public Task<SessionContext> ContextForAsync(Func<IRecordIntake> intake)
    {
        lock (_gate)
        {
            if (_context is { IsFaulted: true })
            {
                // One that failed is tried anew after a while; until then the connections share its failure.
                _failedSince = _failedSince != 0 ? _failedSince : time.GetTimestamp();
                if (time.GetElapsedTime(_failedSince) < RetryAfter)
                {
                    return _context;
                }

                (_context, _failedSince) = (null, 0);
            }

            return _context ??= runner.BeginAsync(intake(), CancellationToken.None).AsTask();
        }
    }

    /// <summary>Makes the connection the one of this engine, once the one before has ended.</summary>
    /// <returns>Whether there was one to replace.</returns>
    public async ValueTask<bool> TakeOverAsync(AcceptedConnection connection)
    {
        AcceptedConnection? before;
        lock (_gate)
        {
            (before, _current) = (_current, connection);
        }

        if (before is null)
        {
            return false;
        }

        before.Replace();
        await before.Ended.ConfigureAwait(false);
        return true;
    }

    /// <summary>The connection is over.</summary>
    /// <returns>Whether it was still the one of this engine.</returns>
    public bool Leave(AcceptedConnection connection)
    {
        lock (_gate)
        {
            if (_current != connection)
            {
                return false;
            }

            _current = null;
            return true;
        }
    }
}
