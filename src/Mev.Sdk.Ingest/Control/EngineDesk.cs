using System.Runtime.InteropServices;
using Mev.Sdk.Ingest.Diagnostics;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Ingest.Control;

/// <summary>The engine's end of the control channel: one memory for all hosts and connections. Thread-safe.</summary>
internal sealed class EngineDesk
{
    private readonly Lock _gate = new();
    private readonly ParameterLedger _ledger;
    private readonly ParameterUpdateHandler? _onUpdate;
    private readonly OpportunityScoresHandler? _onScores;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public EngineDesk(EnginePublisherOptions options, TimeProvider time, ILogger logger)
    {
        _onUpdate = options.OnParameterUpdate;
        _onScores = options.OnScores;
        _ledger = new ParameterLedger(options.RememberedUpdates);
        foreach (var (strategy, revision) in options.ParameterRevisions)
        {
            _ledger.Restore(strategy, revision);
        }

        _time = time;
        _logger = logger;
    }

    /// <summary>What the hello says that the engine takes.</summary>
    public StreamFlags Flags =>
        (_onUpdate is null ? StreamFlags.None : StreamFlags.TakesParameters) | (_onScores is null ? StreamFlags.None : StreamFlags.TakesScores);

    /// <summary>Longest frame that a subscribed host may send: the longest parameters, or 65,535 scores.</summary>
    public int MaxFrameBytes => Flags == StreamFlags.None ? 0 : 4 << 20;

    /// <summary>Takes a control frame.</summary>
    /// <returns>The frame to answer with; null when there is nothing to say.</returns>
    public byte[]? OnFrame(ReadOnlyMemory<byte> frame, string peer)
    {
        var templateId = MemoryMarshal.Read<FrameHeader>(frame.Span).TemplateId;
        if (templateId == TemplateIds.ParameterUpdate && _onUpdate is not null && ParameterUpdateView.TryRead(new RecordView(Lsn.None, frame.Span), out var update))
        {
            return ControlFrames.Result(Decide(update, peer), Now());
        }

        if (templateId == TemplateIds.OpportunityScores && _onScores is not null && OpportunityScoresView.TryRead(new RecordView(Lsn.None, frame.Span), out var scores))
        {
            try
            {
                _onScores(scores);
            }
            catch (Exception exception)
            {
                Log.ControlHandlerFailed(_logger, exception, "scores");
            }
        }

        return null;
    }

    // The gate is held while the engine applies: another connection that brings the same update waits for the answer.
    private ParameterAnswer Decide(ParameterUpdateView update, string peer)
    {
        ref readonly var message = ref update.Message;
        lock (_gate)
        {
            if (_ledger.Find(in message, Now()) is { } known)
            {
                return known;
            }

            var decision = Ask(update);
            var answer = _ledger.Decide(in message, decision.IsApplied, decision.Reason ?? "", Now());
            Log.ParametersDecided(_logger, answer.StrategyId, message.Revision, answer.UpdateId, peer, answer.State, answer.Reason);
            return answer;
        }
    }

    private ParameterDecision Ask(ParameterUpdateView update)
    {
        ref readonly var message = ref update.Message;
        try
        {
            return _onUpdate!(new ParameterUpdate(
                message.UpdateId,
                message.StrategyId,
                message.Revision,
                update.Parameters.ToArray(),
                ControlFrames.Time(message.RequestedNanoseconds),
                message.ExpiresNanoseconds == 0 ? null : ControlFrames.Time(message.ExpiresNanoseconds)));
        }
        catch (Exception exception)
        {
            Log.ControlHandlerFailed(_logger, exception, "parameters");
            return ParameterDecision.Rejected("the engine failed to apply it; its log says why.");
        }
    }

    private ulong Now() => ControlFrames.Nanoseconds(_time.GetUtcNow());
}
