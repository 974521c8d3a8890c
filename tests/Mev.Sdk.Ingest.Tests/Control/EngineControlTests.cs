using Mev.Sdk.Ingest.Control;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Ingest.Tests.Control;

/// <summary>Updates and scores over real sockets, to a real publisher.</summary>
public sealed class EngineControlTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task UpdateParametersAsync_applied_update_is_journaled_before_and_after()
    {
        await using var engine = new ControlledEngine();
        var log = new ControlLog();
        await using var host = new ControlStand(log, engines: ("engine", engine.Endpoint));

        var first = await Update(host, "{\"minimumProfitLamports\":7}");
        var second = await Update(host, "{\"enabled\":false}");

        Assert.Equal((ParameterState.Applied, 1UL), (first.State, first.Revision));
        Assert.Equal((ParameterState.Applied, 2UL), (second.State, second.Revision));
        Assert.Equal([(1UL, "{\"minimumProfitLamports\":7}"), (2UL, "{\"enabled\":false}")], engine.Updates.Select(update => (update.Revision, update.Json)));
        await Eventually.BecomesAsync(() => log.Changes.Count == 4);
        Assert.Equal(
            [(ParameterState.Requested, 1UL, first.UpdateId), (ParameterState.Applied, 1UL, first.UpdateId), (ParameterState.Requested, 2UL, second.UpdateId), (ParameterState.Applied, 2UL, second.UpdateId)],
            log.Changes);
        Assert.Empty(host.Control.GetPending());
    }

    [Fact]
    public async Task UpdateParametersAsync_rejected_update_has_the_engines_reason_and_a_throwing_handler_hides_its_own()
    {
        await using var engine = new ControlledEngine(update => update.StrategyId == 1
            ? ParameterDecision.Rejected("profit must not be negative.")
            : throw new InvalidOperationException("secret"));
        await using var host = new ControlStand(new ControlLog(), engines: ("engine", engine.Endpoint));

        var rejected = await Update(host, "{}", strategy: 1);
        var failed = await Update(host, "{}", strategy: 2);

        Assert.Equal((ParameterState.Rejected, "profit must not be negative.", 0UL), (rejected.State, rejected.Reason, rejected.Revision));
        Assert.Equal(ParameterState.Rejected, failed.State);
        Assert.DoesNotContain("secret", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RestoreAsync_that_failed_is_tried_again_and_knows_every_update_once()
    {
        var log = new ControlLog();
        await using (var before = new ControlStand(log, engines: ("engine", "tcp://127.0.0.1:1")))
        {
            _ = Update(before, "{\"a\":1}").ContinueWith(static _ => { }, TaskScheduler.Default);
            _ = Update(before, "{\"a\":2}").ContinueWith(static _ => { }, TaskScheduler.Default);
            await Eventually.BecomesAsync(() => log.Changes.Count == 2);
        }

        var reopened = log.Reopen();
        reopened.ReadsToFail = 2;
        await using var after = new ControlStand(reopened);
        await Assert.ThrowsAsync<IOException>(after.Control.RestoreAsync);
        await Assert.ThrowsAsync<IOException>(after.Control.RestoreAsync);
        await after.Control.RestoreAsync();
        Assert.Equal([1UL, 2UL], after.Control.GetPending().Select(static pending => pending.Revision));
        Assert.Same(after.Control.RestoreAsync(), after.Control.RestoreAsync());
    }

    [Fact]
    public async Task UpdateParametersAsync_is_not_sent_before_its_request_is_durable()
    {
        await using var engine = new ControlledEngine();
        var log = new ControlLog { IsOpen = false };
        await using var host = new ControlStand(log, engines: ("engine", engine.Endpoint));
        await host.ConnectedAsync();

        var update = Update(host, "{}");
        await Eventually.BecomesAsync(() => log.Changes.Count == 1);
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Empty(engine.Updates);
        Assert.Equal(0, Assert.Single(host.Control.GetPending()).Sends);

        log.Commit();
        Assert.Equal(ParameterState.Applied, (await update).State);
    }

    [Fact]
    public async Task UpdateParametersAsync_unanswered_update_is_sent_by_the_next_process_and_applied_once()
    {
        var log = new ControlLog();
        Guid id;
        Task<ParameterOutcome> update;
        await using (var host = new ControlStand(log, engines: ("engine", "tcp://127.0.0.1:1")))
        {
            update = host.Control.UpdateParametersAsync(new ParameterRequest("engine", 1, "{\"a\":1}", "test"), TestContext.Current.CancellationToken);
            await Eventually.BecomesAsync(() => log.Changes.Count == 1);
            id = Assert.Single(host.Control.GetPending()).UpdateId;
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => update);

        await using var engine = new ControlledEngine();
        var reopened = log.Reopen();
        await using (var host = new ControlStand(reopened, engines: ("engine", engine.Endpoint)))
        {
            await Eventually.BecomesAsync(() => reopened.Changes.Any(change => change.State == ParameterState.Applied));
            var next = await Update(host, "{\"a\":2}");
            Assert.Equal(2UL, next.Revision);
        }

        // The answer was lost in a crash: the engine is asked again and says the same, without applying.
        var crashed = log.Reopen();
        await using (var host = new ControlStand(crashed, engines: ("engine", engine.Endpoint)))
        {
            await Eventually.BecomesAsync(() => crashed.Changes.Any(change => change is { State: ParameterState.Applied, Revision: 1 } && change.Update == id));
        }

        Assert.Equal(2, engine.Updates.Count);
    }

    [Fact]
    public async Task UpdateParametersAsync_second_host_with_an_old_revision_is_superseded_and_learns()
    {
        await using var engine = new ControlledEngine();
        await using var one = new ControlStand(new ControlLog(), engines: ("engine", engine.Endpoint));
        await using var two = new ControlStand(new ControlLog(), engines: ("engine", engine.Endpoint));
        Assert.Equal(ParameterState.Applied, (await Update(one, "{\"by\":1}")).State);
        Assert.Equal(ParameterState.Applied, (await Update(one, "{\"by\":1}")).State);

        var late = await Update(two, "{\"by\":2}");
        var retried = await Update(two, "{\"by\":2}");

        Assert.Equal((ParameterState.Superseded, 2UL), (late.State, late.Revision));
        Assert.Equal((ParameterState.Applied, 3UL), (retried.State, retried.Revision));
    }

    [Fact]
    public async Task UpdateParametersAsync_update_of_an_absent_engine_expires()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        var log = new ControlLog();
        await using var host = new ControlStand(log, time, engines: ("engine", "tcp://127.0.0.1:1"));
        var update = host.Control.UpdateParametersAsync(
            new ParameterRequest("engine", 1, "{}", "test", time.GetUtcNow().AddSeconds(5)), TestContext.Current.CancellationToken);
        await Eventually.BecomesAsync(() => log.Changes.Count == 1);

        await Eventually.AdvanceUntilAsync(time, TimeSpan.FromSeconds(1), () => update.IsCompleted);

        Assert.Equal(ParameterState.Expired, (await update).State);
        await Eventually.BecomesAsync(() => log.Changes.Any(change => change.State == ParameterState.Expired));
    }

    [Fact]
    public async Task UpdateParametersAsync_reaches_the_engine_it_names()
    {
        await using var left = new ControlledEngine();
        await using var right = new ControlledEngine();
        await using var host = new ControlStand(new ControlLog(), engines: [("left", left.Endpoint), ("right", right.Endpoint)]);

        var answers = await Task.WhenAll(
            Update(host, "{\"to\":\"left\"}", engine: "left"),
            Update(host, "{\"to\":\"right\"}", engine: "right"),
            Update(host, "{\"to\":\"right\"}", strategy: 2, engine: "right"));

        Assert.All(answers, answer => Assert.Equal((ParameterState.Applied, 1UL), (answer.State, answer.Revision)));
        Assert.Equal((1, 2), (left.Updates.Count, right.Updates.Count));
    }

    [Fact]
    public async Task UpdateParametersAsync_a_megabyte_of_parameters_arrives()
    {
        await using var engine = new ControlledEngine();
        await using var host = new ControlStand(new ControlLog(), engines: ("engine", engine.Endpoint));
        var json = "{\"a\":\"" + new string('x', (1 << 20) - 8) + "\"}";

        Assert.Equal(ParameterState.Applied, (await Update(host, json)).State);
        Assert.Equal(json, Assert.Single(engine.Updates).Json);
        await Assert.ThrowsAsync<ArgumentException>(() => Update(host, json + " "));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"a\":}")]
    [InlineData("{} {}")]
    [InlineData("{\"a\":1")]
    public async Task UpdateParametersAsync_what_is_no_JSON_object_is_refused(string parameters)
    {
        await using var host = new ControlStand(new ControlLog(), engines: ("engine", "tcp://127.0.0.1:1"));

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => Update(host, parameters));
        Assert.DoesNotContain("LineNumber", refused.Message, StringComparison.Ordinal);
        Assert.Contains(parameters == "{\"a\":}" ? "line 1, byte 6" : "JSON object", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => Update(host, "{}", engine: "nobody"));
        Assert.Empty(host.Control.GetPending());
    }

    [Fact]
    public async Task UpdateParametersAsync_more_than_may_wait_are_refused()
    {
        await using var host = new ControlStand(new ControlLog(), options: new EngineControlOptions { MaxPending = 1 }, engines: ("engine", "tcp://127.0.0.1:1"));
        using var impatient = new CancellationTokenSource();
        var first = host.Control.UpdateParametersAsync(new ParameterRequest("engine", 1, "{}", "test"), impatient.Token);
        await Eventually.BecomesAsync(() => host.Control.GetPending().Count == 1);

        await Assert.ThrowsAsync<InvalidOperationException>(() => Update(host, "{}"));
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Single(host.Control.GetPending());
    }

    [Fact]
    public async Task UpdateParametersAsync_engine_without_a_control_channel_is_never_sent_anything()
    {
        await using var engine = new ControlledEngine(takesScores: false, takesParameters: false);
        await using var host = new ControlStand(new ControlLog(), engines: ("engine", engine.Endpoint));
        await host.ConnectedAsync();
        var update = host.Control.UpdateParametersAsync(new ParameterRequest("engine", 1, "{}", "test"), TestContext.Current.CancellationToken);

        Assert.False(Send(host, 1));
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Equal(0, Assert.Single(host.Control.GetPending()).Sends);
        Assert.False(update.IsCompleted);
    }

    [Fact]
    public async Task UpdateParametersAsync_without_a_log_is_sent_at_once()
    {
        await using var engine = new ControlledEngine();
        await using var host = new ControlStand(log: null, engines: ("engine", engine.Endpoint));

        Assert.Equal(ParameterState.Applied, (await Update(host, "{}")).State);
    }

    [Fact]
    public async Task TrySendScores_arrive_while_connected_and_are_dropped_otherwise()
    {
        var engine = new ControlledEngine();
        await using var host = new ControlStand(new ControlLog(), engines: ("engine", engine.Endpoint));
        await Eventually.BecomesAsync(() => Send(host, 7));
        await Eventually.BecomesAsync(() => engine.Scores.Contains((7UL, "model-1")));

        await engine.DisposeAsync();
        await Eventually.BecomesAsync(() => !Send(host, 8));
        Assert.Throws<ArgumentException>(() => Send(host, 1, "nobody"));
    }

    [Fact]
    public async Task TrySendScores_never_waits_for_an_engine_that_does_not_read()
    {
        using var hold = new SemaphoreSlim(0);
        await using var engine = new ControlledEngine(takesScores: false, configure: options => options.OnScores = _ => hold.Wait(Patience));
        await using var host = new ControlStand(new ControlLog(), options: new EngineControlOptions { ScoreQueueBytes = 4_096 }, engines: ("engine", engine.Endpoint));
        await host.ConnectedAsync();

        // Sockets take some megabytes first; then the queue's bound decides.
        await Eventually.BecomesAsync(() => !Send(host, 1, count: 30_000));
        hold.Release(100_000);
    }

    private static Task<ParameterOutcome> Update(ControlStand host, string json, ushort strategy = 1, string engine = "engine") =>
        host.Control.UpdateParametersAsync(new ParameterRequest(engine, strategy, json, "test"), TestContext.Current.CancellationToken).WaitAsync(Patience);

    private static bool Send(ControlStand host, ulong opportunity, string engine = "engine", int count = 1)
    {
        var scores = new OpportunityScore[count];
        Array.Fill(scores, new OpportunityScore { OpportunityId = opportunity, Score = 0.5f });
        return host.Control.TrySendScores(engine, new OpportunityScoresMessage { Threshold = 0.5 }, scores, "model-1");
    }
}
