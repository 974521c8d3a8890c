using Mev.Sdk.Ingest.Health;
using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Ingest.Tests.Health;

public sealed class IngestHealthTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Judge_everything_connected_is_healthy_and_has_figures_of_every_stage()
    {
        var result = Judge(Snapshot([Source("a", SourceState.Connected)], [Sink("journal", 0.4)]));

        Assert.Equal(HealthStatus.Healthy, result.Status);
        Assert.Equal("Connected", result.Data["source.a.state"]);
        Assert.Equal(0.4, result.Data["sink.journal.share"]);
        Assert.Equal(0L, result.Data["lane.rejected"]);
    }

    [Theory]
    [InlineData(5, HealthStatus.Degraded)]
    [InlineData(31, HealthStatus.Unhealthy)]
    public void Judge_only_source_is_down_when_it_stays_away(int seconds, HealthStatus expected)
    {
        var result = Judge(Snapshot([Source("a", SourceState.Disconnected, since: seconds, reason: "connection refused.")]));

        Assert.Equal(expected, result.Status);
        Assert.Contains("Source a is not connected", result.Description, StringComparison.Ordinal);
        Assert.Contains("connection refused", result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_one_of_two_engines_away_is_degraded()
    {
        var result = Judge(Snapshot([Source("a", SourceState.Disconnected, since: 500), Source("b", SourceState.Connected)]));

        Assert.Equal(HealthStatus.Degraded, result.Status);
    }

    [Fact]
    public void Judge_ended_stream_is_healthy_and_a_silent_one_is_not()
    {
        Assert.Equal(HealthStatus.Healthy, Judge(Snapshot([Source("a", SourceState.Ended, since: 500)])).Status);
        var silent = Judge(Snapshot([Source("a", SourceState.Connected, heard: 11)]));
        Assert.Equal(HealthStatus.Degraded, silent.Status);
        Assert.Contains("silent since 11 s", silent.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.5, 0, HealthStatus.Healthy)]
    [InlineData(0.95, 0, HealthStatus.Degraded)]
    [InlineData(0.5, 6, HealthStatus.Degraded)]
    [InlineData(1, 61, HealthStatus.Unhealthy)]
    public void Judge_names_the_sink_that_everything_waits_for(double share, int waiting, HealthStatus expected)
    {
        var result = Judge(Snapshot([], [Sink("quick", 0.01), Sink("slow", share, waiting)]));

        Assert.Equal(expected, result.Status);
        Assert.Equal(expected != HealthStatus.Healthy, result.Description!.Contains("The sink slow", StringComparison.Ordinal));
        Assert.DoesNotContain("quick", result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_stopped_sequencer_is_unhealthy_and_says_why()
    {
        var result = Judge(Snapshot([]) with { Failure = "the sink X failed." });

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Contains("the sink X failed.", result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckHealthAsync_new_rejections_are_degraded_once_and_options_are_copied()
    {
        var monitor = new IngestMonitor();
        var options = new IngestHealthOptions();
        var check = new IngestHealthCheck(monitor, options: options);
        options.SinkBusyShare = 0.0001;
        var lane = new SystemLane(new RecordSequencerOptions { LaneRecords = 1 }, monitor);
        lane.TryAppend(Frames.Numbered(1));
        lane.TryAppend(Frames.Numbered(2));

        Assert.Equal(HealthStatus.Degraded, (await check.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken)).Status);
        Assert.Equal(HealthStatus.Healthy, (await check.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken)).Status);
    }

    [Fact]
    public void Judge_gap_that_stays_open_is_degraded()
    {
        var time = new FakeTimeProvider(Start);
        var ledger = new GapLedger(timeProvider: time);
        ledger.Add("a", 1, 5, 9, GapState.Open, "jumped");
        var snapshot = Snapshot([]);

        var young = IngestVerdict.Judge(snapshot, ledger, 0, new IngestHealthOptions(), Start.AddSeconds(30));
        var old = IngestVerdict.Judge(snapshot, ledger, 0, new IngestHealthOptions(), Start.AddSeconds(61));

        Assert.Equal((HealthStatus.Healthy, HealthStatus.Degraded), (young.Status, old.Status));
        Assert.Equal((1L, 5L), (old.Data["gaps.open"], old.Data["gaps.open.records"]));
    }

    [Fact]
    public void Judge_final_loss_is_degraded_for_a_while_and_mentioned_for_ever()
    {
        var time = new FakeTimeProvider(Start);
        var ledger = new GapLedger(timeProvider: time);
        ledger.Add("a", 1, 5, 9, GapState.Final, "evicted");
        var options = new IngestHealthOptions();

        var fresh = IngestVerdict.Judge(Snapshot([]), ledger, 0, options, Start.AddMinutes(9));
        var later = IngestVerdict.Judge(Snapshot([]), ledger, 0, options, Start.AddMinutes(11));

        Assert.Equal((HealthStatus.Degraded, HealthStatus.Healthy), (fresh.Status, later.Status));
        Assert.StartsWith("5 records are lost for good, found last 540 s ago", fresh.Description, StringComparison.Ordinal);
        Assert.StartsWith("every stage keeps up. 5 records are lost for good", later.Description, StringComparison.Ordinal);
        Assert.Equal((1L, 5L, 0L), (later.Data["gaps.final"], later.Data["gaps.final.records"], later.Data["gaps.unknownEnds"]));
        options.LossReportedFor = TimeSpan.Zero;
        Assert.Equal(HealthStatus.Healthy, IngestVerdict.Judge(Snapshot([]), ledger, 0, options, Start).Status);
    }

    [Theory]
    [InlineData(0, 1, "1 session ended nobody knows where")]
    [InlineData(1, 2, "1 record is lost for good, and 2 sessions ended nobody knows where")]
    public void Judge_says_of_sessions_that_nobody_knows_where_they_ended(int lost, int ends, string expected)
    {
        var ledger = new GapLedger(timeProvider: new FakeTimeProvider(Start));
        for (var i = 0UL; i < (ulong)lost; i++)
        {
            ledger.Add("a", 1, 5 + (i * 2), 5 + (i * 2), GapState.Final, "evicted");
        }

        for (var i = 1UL; i <= (ulong)ends; i++)
        {
            ledger.Add("a", i, 50, CoverageGap.UnknownEnd, GapState.Final, "no goodbye");
        }

        var result = IngestVerdict.Judge(Snapshot([]), ledger, 0, new IngestHealthOptions(), Start);

        Assert.StartsWith(expected, result.Description, StringComparison.Ordinal);
        Assert.Equal((HealthStatus.Degraded, (long)ends), (result.Status, result.Data["gaps.unknownEnds"]));
    }

    [Fact]
    public void Judge_coverage_without_sums_of_its_own_is_counted()
    {
        var coverage = new ListedCoverage(new CoverageGap("a", 1, 5, 9, Start, GapState.Final, "") { MissingRecords = 5 });
        var result = IngestVerdict.Judge(Snapshot([]), coverage, 0, new IngestHealthOptions(), Start.AddSeconds(1));
        Assert.Equal((HealthStatus.Degraded, 5L), (result.Status, result.Data["gaps.final.records"]));
    }

    [Fact]
    public async Task AddMevIngest_reports_through_the_hosts_health_service_and_bad_thresholds_name_their_key()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddHealthChecks().AddMevIngest(options => options.SourceDownAfter = TimeSpan.FromMinutes(1), "ready");
        services.AddMevSdk().AddIngest();
        await using var provider = services.BuildServiceProvider();

        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Equal(["mev-ingest", "ready"], report.Entries["mev-ingest"].Tags);
        var errors = new List<string>();
        new IngestHealthOptions { SinkSlowAfter = TimeSpan.FromHours(1), SinkBusyShare = double.NaN, OpenGapAfter = default, LossReportedFor = TimeSpan.FromDays(2) }.Validate("Mev:Ingest:Health", errors);
        Assert.Contains(errors, error => error.StartsWith("Mev:Ingest:Health:SinkStuckAfter", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.StartsWith("Mev:Ingest:Health:SinkBusyShare", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.StartsWith("Mev:Ingest:Health:LossReportedFor", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.StartsWith("Mev:Ingest:Health:OpenGapAfter", StringComparison.Ordinal));
    }

    private sealed class ListedCoverage(params CoverageGap[] gaps) : ICoverage
    {
        public long GapCount => gaps.Length;

        public IReadOnlyList<CoverageGap> GetGaps() => gaps;

        public IReadOnlyList<CoverageGap> GetGapsOfSlots(ulong firstSlot, ulong lastSlot) => gaps;

        public IReadOnlyList<CoverageGap> GetGapsOfLsns(Lsn first, Lsn last) => gaps;
    }

    private static HealthCheckResult Judge(IngestSnapshot snapshot) => IngestVerdict.Judge(snapshot, null, 0, new IngestHealthOptions(), Start);

    private static IngestSnapshot Snapshot(SourceSnapshot[] sources, SinkSnapshot[]? sinks = null) =>
        new(sources, Lsn.None, 0, 0, 0, null) { Sinks = sinks ?? [] };

    private static SinkSnapshot Sink(string name, double share, int waiting = 0) =>
        new(name, 1, 1, TimeSpan.FromSeconds(1), share, TimeSpan.FromSeconds(waiting));

    private static SourceSnapshot Source(string name, SourceState state, int since = 100, int heard = 0, string reason = "")
    {
        // Through the monitor, so that a snapshot's further members need no change here.
        var time = new FakeTimeProvider(Start.AddSeconds(-since));
        var monitor = new IngestMonitor(time);
        var source = monitor.Add(name, "tcp://engine:1");
        source.SetState(state == SourceState.Connecting ? SourceState.Disconnected : SourceState.Connecting, "");
        source.SetState(state, reason);
        time.SetUtcNow(Start.AddSeconds(-Math.Min(heard, since)));
        source.OnHeard();
        return monitor.GetSnapshot().Sources.Single();
    }
}
