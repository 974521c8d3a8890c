using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Control;

/// <summary>An engine's memory of the updates it decided: each is applied once, whoever sends it, however often. Pure; not thread-safe.</summary>
/// <remarks>
/// An id that was forgotten cannot be applied a second time either: what was applied has a revision that is not above the one in force, so it is
/// answered Superseded.
/// </remarks>
/// <param name="capacity">Decisions remembered, the oldest forgotten first.</param>
internal sealed class ParameterLedger(int capacity)
{
    private readonly Dictionary<ushort, ulong> _revisions = [];
    private readonly Dictionary<Guid, ParameterAnswer> _answers = [];
    private readonly Queue<Guid> _order = new();

    /// <summary>Revision of a strategy's parameters in force; 0 = those it started with.</summary>
    public ulong RevisionOf(ushort strategyId) => _revisions.GetValueOrDefault(strategyId);

    /// <summary>Takes over the revision of parameters that outlived an engine's process.</summary>
    public void Restore(ushort strategyId, ulong revision) => _revisions[strategyId] = revision;

    /// <summary>Looks whether an update is to be applied.</summary>
    /// <returns>The answer that stands already; null when the engine has to decide, with <see cref="Decide"/> behind it.</returns>
    public ParameterAnswer? Find(in ParameterUpdateMessage update, ulong nowNanoseconds)
    {
        if (_answers.TryGetValue(update.UpdateId, out var answer))
        {
            return answer;
        }

        // Expiry first: a host that gave it up by its own clock, and crashed, hears the same again.
        if (update.ExpiresNanoseconds != 0 && update.ExpiresNanoseconds <= nowNanoseconds)
        {
            return Remember(in update, ParameterState.Expired, nowNanoseconds, "its time had run out when it arrived.");
        }

        var inForce = RevisionOf(update.StrategyId);
        return update.Revision <= inForce
            ? Remember(in update, ParameterState.Superseded, nowNanoseconds, $"revision {inForce} is in force already.")
            : null;
    }

    /// <summary>Notes what the engine did with an update that <see cref="Find"/> let through.</summary>
    public ParameterAnswer Decide(in ParameterUpdateMessage update, bool applied, string reason, ulong nowNanoseconds)
    {
        if (applied)
        {
            _revisions[update.StrategyId] = update.Revision;
        }

        return Remember(in update, applied ? ParameterState.Applied : ParameterState.Rejected, nowNanoseconds, reason);
    }

    private ParameterAnswer Remember(in ParameterUpdateMessage update, ParameterState state, ulong now, string reason)
    {
        var answer = new ParameterAnswer(update.UpdateId, update.StrategyId, state, RevisionOf(update.StrategyId), now, reason);
        _answers.Add(update.UpdateId, answer);
        _order.Enqueue(update.UpdateId);
        if (_order.Count > capacity)
        {
            _answers.Remove(_order.Dequeue());
        }

        return answer;
    }
}
