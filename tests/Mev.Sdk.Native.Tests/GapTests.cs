using System.Globalization;
using Mev.Sdk.Native.Tests.Support;
using Mev.Sdk.Records;

namespace Mev.Sdk.Native.Tests;

/// <summary>What is missing is asked for again, or in the ledger with its cause.</summary>
[Trait("Needs", "native")]
public sealed class GapTests
{
    [Fact]
    public async Task Records_lost_on_the_way_are_replayed_by_the_engine_and_healed()
    {
        using var folder = new TemporaryFolder();
        await using var engine = await NativeEngine.StartAsync();
        await engine.DoAsync("metrics 1 1000");
        await using var proxy = new OmittingProxy(engine.Endpoint, 101, 140);
        await using var host = await TestHost.StartAsync(proxy.Endpoint, folder.Path);

        await host.Sink.WaitForAsync(engine.SessionId, 1000);

        // The forty came behind the others, each once.
        Assert.Equal(Enumerable.Range(1, 1000).Select(static n => (ulong)n), host.Sink.SequencesOf(engine.SessionId).Order());
        await Eventually.BecomesAsync(
            () => host.Coverage.GetGaps().All(static gap => gap.State == GapState.Healed),
            () => string.Join(", ", host.Coverage.GetGaps()));
        await host.AcknowledgedAsync(1000);
    }

    [Fact]
    public async Task Ring_overrun_is_final_and_dropped_in_the_ledger_and_the_stream_goes_on()
    {
        using var folder = new TemporaryFolder();
        await using var engine = await NativeEngine.StartAsync("--drop", "--retention", "1048576", "--ring", "262144");
        await using var host = await TestHost.StartAsync(engine.Endpoint, folder.Path);
        await engine.DoAsync("metrics 1 100");
        await host.Sink.WaitForAsync(engine.SessionId, 100);

        var dropped = (await engine.TellAsync("overrun 50")).Split(' ');
        var (first, last) = (ulong.Parse(dropped[0], CultureInfo.InvariantCulture), ulong.Parse(dropped[1], CultureInfo.InvariantCulture));
        await engine.DoAsync($"metrics {last + 1} {last + 100}");
        await host.Sink.WaitForAsync(engine.SessionId, (int)(first - 1) + 100);

        var gap = Assert.Single(host.Coverage.GetGaps());
        Assert.Equal((GapState.Final, GapCause.Dropped), (gap.State, gap.Cause));
        Assert.Equal((engine.SessionId, first, last), (gap.SessionId, gap.FirstSequence, gap.LastSequence));
        Assert.Equal(50UL, last - first + 1);
        var expected = Enumerable.Range(1, (int)last + 100).Select(static n => (ulong)n).Where(n => n < first || n > last);
        Assert.Equal(expected, host.Sink.SequencesOf(engine.SessionId));
    }

    [Fact]
    public async Task Records_that_were_evicted_while_the_host_was_away_are_final()
    {
        using var folder = new TemporaryFolder();
        await using var engine = await NativeEngine.StartAsync("--retention", "262144", "--ring", "65536");
        await using (var first = await TestHost.StartAsync(engine.Endpoint, folder.Path))
        {
            await engine.DoAsync("metrics 1 10");
            await first.Sink.WaitForAsync(engine.SessionId, 10);
            await first.AcknowledgedAsync(10);
        }

        await engine.DoAsync("metrics 11 2000 1000");
        await using var second = await TestHost.StartAsync(engine.Endpoint, folder.Path);
        await Eventually.BecomesAsync(() => second.Source.LastSequence == 2000, () => $"the last is {second.Source.LastSequence}");

        await Eventually.BecomesAsync(
            () => second.Coverage.GetGaps() is [{ State: GapState.Final }], () => string.Join(", ", second.Coverage.GetGaps()));
        var gap = second.Coverage.GetGaps()[0];
        Assert.Equal(11UL, gap.FirstSequence);
        var came = second.Sink.SequencesOf(engine.SessionId);
        Assert.Equal(gap.LastSequence + 1, came[0]);
        Assert.Equal(2000 - (int)gap.LastSequence, came.Count);
    }

    [Fact]
    public async Task Records_that_were_evicted_before_any_host_came_are_final()
    {
        using var folder = new TemporaryFolder();
        await using var engine = await NativeEngine.StartAsync("--retention", "262144", "--ring", "65536");
        await engine.DoAsync("metrics 1 2000 1000");
        await using var host = await TestHost.StartAsync(engine.Endpoint, folder.Path);
        await Eventually.BecomesAsync(() => host.Source.LastSequence == 2000, () => $"the last is {host.Source.LastSequence}");

        var gap = Assert.Single(host.Coverage.GetGaps());
        Assert.Equal((1UL, GapState.Final, GapCause.NotRetained, true), (gap.FirstSequence, gap.State, gap.Cause, gap.IsExact));
        var came = host.Sink.SequencesOf(engine.SessionId);
        Assert.Equal(gap.LastSequence + 1, came[0]);
        Assert.Equal(2000 - (int)gap.LastSequence, came.Count);
    }
}
