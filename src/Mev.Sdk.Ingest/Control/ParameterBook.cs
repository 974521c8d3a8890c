using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Control;

/// <summary>The host's side of parameter updates: which are open, what may be sent, which revision comes next. Pure; not thread-safe.</summary>
/// <remarks>
/// An update is sent only once its request is durable, so that no crash forgets what an engine may have applied. One that may have been sent
/// waits for the engine's word, also behind its expiry: only the engine knows whether it applied it.
/// </remarks>
internal sealed class ParameterBook
{
    private readonly Dictionary<Guid, ParameterEntry> _open = [];
    private readonly List<ParameterEntry> _order = [];
    private readonly Dictionary<(uint Source, ushort Strategy), ulong> _revisions = [];
    private readonly Dictionary<(uint Source, ushort Strategy), ulong> _inForce = [];

    /// <summary>Updates without an answer, oldest first.</summary>
    public IReadOnlyList<ParameterEntry> Open => _order;

    /// <summary>The highest revision known of a strategy: asked for, or in force.</summary>
    public ulong RevisionOf(uint sourceId, ushort strategyId) => _revisions.GetValueOrDefault((sourceId, strategyId));

    /// <summary>The revision that the engine last said is in force; 0 = none known.</summary>
    public ulong InForce(uint sourceId, ushort strategyId) => _inForce.GetValueOrDefault((sourceId, strategyId));

    /// <summary>Takes a step that the journal remembers, in its order.</summary>
    public void Restore(in ParameterChangeView view)
    {
        ref readonly var record = ref view.Record;
        Raise(record.SourceId, record.StrategyId, record.Revision);
        if (record.State != ParameterState.Requested)
        {
            if (record.State == ParameterState.Applied)
            {
                _inForce[(record.SourceId, record.StrategyId)] = record.Revision;
            }

            Close(record.UpdateId);
            return;
        }

        Add(new ParameterEntry
        {
            UpdateId = record.UpdateId,
            SourceId = record.SourceId,
            StrategyId = record.StrategyId,
            Revision = record.Revision,
            Parameters = view.Parameters.ToArray(),
            Actor = ControlFrames.Words(view.Actor),
            RequestedAt = ControlFrames.Time(record.ChangedNanoseconds),
            ExpiresNanoseconds = record.ExpiresNanoseconds,
            Lsn = view.Lsn,
            IsDurable = true,
            MayHaveBeenSent = true,
        });
    }

    /// <summary>Opens an update with the strategy's next revision.</summary>
    public ParameterEntry Request(Guid updateId, uint sourceId, ParameterRequest request, byte[] parameters, DateTimeOffset now)
    {
        var entry = new ParameterEntry
        {
            UpdateId = updateId,
            SourceId = sourceId,
            StrategyId = request.StrategyId,
            Revision = RevisionOf(sourceId, request.StrategyId) + 1,
            Parameters = parameters,
            Actor = request.Actor,
            RequestedAt = now,
            ExpiresNanoseconds = request.ExpiresAt is { } expires ? Math.Max(1, ControlFrames.Nanoseconds(expires)) : 0,
        };
        Raise(sourceId, request.StrategyId, entry.Revision);
        Add(entry);
        return entry;
    }

    /// <summary>Forgets a request that could not be journaled; its revision is not given again.</summary>
    public void Withdraw(ParameterEntry entry) => Close(entry.UpdateId);

    /// <summary>The sequencer showed a request.</summary>
    public void Sequenced(Guid updateId, Lsn lsn)
    {
        if (_open.TryGetValue(updateId, out var entry))
        {
            entry.Lsn = lsn;
        }
    }

    /// <summary>Everything up to here survives a crash.</summary>
    /// <returns>Whether something may be sent that could not before.</returns>
    public bool Durable(Lsn durable)
    {
        var any = false;
        foreach (var entry in _order)
        {
            if (!entry.IsDurable && entry.Lsn != Lsn.None && entry.Lsn <= durable)
            {
                entry.IsDurable = any = true;
            }
        }

        return any;
    }

    /// <summary>The next update to send to an engine on a connection: each once, in the order of their requests.</summary>
    public ParameterEntry? NextToSend(uint sourceId, long connection)
    {
        foreach (var entry in _order)
        {
            if (entry.SourceId == sourceId && entry.IsDurable && entry.Connection != connection)
            {
                entry.Connection = connection;
                entry.MayHaveBeenSent = true;
                entry.Sends++;
                return entry;
            }
        }

        return null;
    }

    /// <summary>Takes an engine's answer.</summary>
    /// <returns>The update it closes; null when it is none of this host's open ones, or says nothing.</returns>
    public ParameterEntry? Answer(uint sourceId, in ParameterResultMessage result)
    {
        // What is in force there is known from any answer; only a sane one moves the numbers on.
        if (result.Revision < ulong.MaxValue)
        {
            Raise(sourceId, result.StrategyId, result.Revision);
            _inForce[(sourceId, result.StrategyId)] = result.Revision;
        }

        if (result.State is not (ParameterState.Applied or ParameterState.Rejected or ParameterState.Superseded or ParameterState.Expired)
            || !_open.TryGetValue(result.UpdateId, out var entry)
            || entry.SourceId != sourceId
            || !entry.MayHaveBeenSent)
        {
            return null;
        }

        Close(result.UpdateId);
        return entry;
    }

    /// <summary>Closes the updates whose time ran out before they could be sent.</summary>
    public IReadOnlyList<ParameterEntry> Expire(ulong nowNanoseconds)
    {
        var expired = _order.FindAll(entry => !entry.MayHaveBeenSent && entry.ExpiresNanoseconds != 0 && entry.ExpiresNanoseconds <= nowNanoseconds);
        foreach (var entry in expired)
        {
            Close(entry.UpdateId);
        }

        return expired;
    }

    private void Add(ParameterEntry entry)
    {
        if (_open.TryAdd(entry.UpdateId, entry))
        {
            _order.Add(entry);
        }
    }

    private void Close(Guid updateId)
    {
        if (_open.Remove(updateId, out var entry))
        {
            _order.Remove(entry);
        }
    }

    private void Raise(uint sourceId, ushort strategyId, ulong revision)
    {
        if (revision > RevisionOf(sourceId, strategyId))
        {
            _revisions[(sourceId, strategyId)] = revision;
        }
    }
}
