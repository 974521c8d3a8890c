using System.Text;
using System.Text.Json;
using Mev.Sdk.Records;

namespace Mev.Sdk.DashboardHost.Control;

/// <summary>Sends a person's change to an engine, and leaves an audit record of it, whatever comes of it.</summary>
internal sealed class ControlDesk(IEngineControl control, ControlAccess access, IRecordAppender appender, TimeProvider time, ILogger<ControlDesk> logger)
{
    // A script that guesses must not fill the journal.
    private static readonly TimeSpan DenialInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long a page waits for the engine's answer; later ones are in the table.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private long _lastDenial;

    /// <param name="request">What is asked for; the actor is filled in here.</param>
    /// <param name="secret">What the person gave as the control secret.</param>
    public async Task<ControlAnswer> UpdateAsync(ParameterRequest request, string? secret)
    {
        request = request with { Actor = access.Actor };
        if (access.Refusal(secret) is { } refusal)
        {
            var denied = new ControlAnswer("denied", "Not allowed", refusal);
            Deny(request, denied);
            return denied;
        }

        var (answer, outcome) = (new ControlAnswer("failed", "Not known", "the host failed while it was asked for; its log says why."), AuditOutcome.Failed);
        try
        {
            (answer, outcome) = await SendAsync(request);
        }
        finally
        {
            Audit(request, answer, outcome);
        }

        return answer;
    }

    // The browser's leaving cancels nothing: what was asked for stands, and its audit record is written whoever waits.
    private async Task<(ControlAnswer Answer, AuditOutcome Outcome)> SendAsync(ParameterRequest request)
    {
        try
        {
            var outcome = await control.UpdateParametersAsync(request, CancellationToken.None).WaitAsync(Patience, time);
            return outcome.State switch
            {
                ParameterState.Applied => (new("applied", $"Applied as revision {outcome.Revision}", outcome.Reason), AuditOutcome.Succeeded),
                ParameterState.Rejected => (new("rejected", $"Rejected; revision {outcome.Revision} stays in force", outcome.Reason), AuditOutcome.Failed),
                ParameterState.Superseded => (new("superseded", $"Superseded; revision {outcome.Revision} is in force", outcome.Reason), AuditOutcome.Failed),
                _ => (new("expired", "Expired before the engine took it", outcome.Reason), AuditOutcome.Failed),
            };
        }
        catch (TimeoutException)
        {
            return (new("waiting", "Journaled, no answer yet", "it is sent again until the engine answers; the table below will show how it ends."), AuditOutcome.Succeeded);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return (new("invalid", "Not sent", exception.Message), AuditOutcome.Failed);
        }
    }

    private void Deny(ParameterRequest request, ControlAnswer answer)
    {
        var now = time.GetTimestamp();
        var last = Interlocked.Read(ref _lastDenial);
        if ((last == 0 || time.GetElapsedTime(last, now) >= DenialInterval) && Interlocked.CompareExchange(ref _lastDenial, now, last) == last)
        {
            logger.LogWarning("A change of {Engine}/{Strategy} was denied: {Reason}", request.Engine, request.StrategyId, answer.Reason);
            Audit(request with { Actor = "somebody on this machine", Parameters = "" }, answer, AuditOutcome.Denied);
        }
    }

    private void Audit(ParameterRequest request, ControlAnswer answer, AuditOutcome outcome)
    {
        var now = (ulong)(time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        var record = new AuditRecord { OccurredNanoseconds = now, Outcome = outcome };
        var actor = Encoding.UTF8.GetBytes(request.Actor);
        var subject = Encoding.UTF8.GetBytes(FormattableString.Invariant($"{request.Engine}/{request.StrategyId}"));
        var detail = JsonSerializer.SerializeToUtf8Bytes(new { parameters = request.Parameters, state = answer.State, reason = answer.Reason });
        var frame = new byte[AuditView.GetFrameLength(actor.Length, "parameters.update"u8.Length, subject.Length, detail.Length)];
        AuditView.Write(frame, now, in record, actor, "parameters.update"u8, subject, detail);
        if (!appender.TryAppend(frame))
        {
            logger.LogError("The audit record of {Actor}'s change of {Engine}/{Strategy} found no room in the lane", request.Actor, request.Engine, request.StrategyId);
        }
    }
}

/// <param name="State">applied, rejected, superseded, expired, waiting, invalid, denied or failed.</param>
/// <param name="Title">The same for a person.</param>
/// <param name="Reason">Why; may be empty.</param>
internal sealed record ControlAnswer(string State, string Title, string Reason);
