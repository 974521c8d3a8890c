using Mev.Sdk.Ingest;
using Mev.Sdk.Native.Tests.Support;
using Mev.Sdk.Records;

namespace Mev.Sdk.Native.Tests;

/// <summary>Breaks on either side: every record once, none missing.</summary>
[Trait("Needs", "native")]
public sealed class ResumeTests
{
    [Fact]
    public async Task Host_restart_resumes_behind_the_last_durable_record()
    {
        using var folder = new TemporaryFolder();
        await using var engine = await NativeEngine.StartAsync();
        await using (var first = await TestHost.StartAsync(engine.Endpoint, folder.Path))
        {
            await engine.DoAsync("metrics 1 500");
            await first.Sink.WaitForAsync(engine.SessionId, 500);
            await first.AcknowledgedAsync(500);
        }

        await engine.DoAsync("metrics 501 1000");
        await using var second = await TestHost.StartAsync(engine.Endpoint, folder.Path);
        await second.Sink.WaitForAsync(engine.SessionId, 500);

        Assert.Equal(Enumerable.Range(501, 500).Select(static n => (ulong)n), second.Sink.SequencesOf(engine.SessionId));
        Assert.Empty(second.Coverage.GetGaps());
    }

    [Fact]
    public async Task Engine_restart_is_a_new_session_from_its_first_record()
    {
        using var folder = new TemporaryFolder();
        var socket = $"unix://{folder.Path}/engine.sock";
        await using var first = await NativeEngine.StartAsync("--listen", socket);
        await using var host = await TestHost.StartAsync(socket, folder.Path);
        await first.DoAsync("metrics 1 100");
        await host.Sink.WaitForAsync(first.SessionId, 100);
        await host.AcknowledgedAsync(100);
        await first.DisposeAsync();

        // The killed engine's socket is still there; the next one replaces it.
        await using var second = await NativeEngine.StartAsync("--listen", socket);
        await second.DoAsync("metrics 1 50");
        await host.Sink.WaitForAsync(second.SessionId, 50);

        Assert.NotEqual(first.SessionId, second.SessionId);
        Assert.Equal(Enumerable.Range(1, 100).Select(static n => (ulong)n), host.Sink.SequencesOf(first.SessionId));
        Assert.Equal(Enumerable.Range(1, 50).Select(static n => (ulong)n), host.Sink.SequencesOf(second.SessionId));

        // It was killed: what it had published last, nobody knows.
        var gap = Assert.Single(host.Coverage.GetGaps());
        Assert.Equal((first.SessionId, 101UL, true, GapState.Final, GapCause.EndUnknown), (gap.SessionId, gap.FirstSequence, gap.IsOpenEnded, gap.State, gap.Cause));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Host_that_restarts_beside_its_engine_knows_from_the_journal_whether_the_session_ended(bool saysGoodbye)
    {
        using var folder = new TemporaryFolder();
        await using var first = await NativeEngine.StartAsync();
        await using (var host = await TestHost.StartAsync(first.Endpoint, folder.Path, static options => options.ReconnectAfterEnd = false))
        {
            await first.DoAsync("metrics 1 100");
            await host.Sink.WaitForAsync(first.SessionId, 100);
            if (saysGoodbye)
            {
                await first.DoAsync("complete");
                await Eventually.BecomesAsync(() => host.Source.State == SourceState.Ended, () => $"{host.Source.State}: {host.Source.Reason}");
            }

            await host.AcknowledgedAsync(100);
        }

        await first.DisposeAsync();
        await using var second = await NativeEngine.StartAsync();
        await second.DoAsync("metrics 1 50");
        await using var after = await TestHost.StartAsync(second.Endpoint, folder.Path);
        await after.Sink.WaitForAsync(second.SessionId, 50);

        Assert.Equal(
            saysGoodbye ? [] : [(first.SessionId, 101UL, true)],
            after.Coverage.GetGaps().Select(static gap => (gap.SessionId, gap.FirstSequence, gap.IsOpenEnded)));
    }

    [Fact]
    public async Task End_of_stream_is_seen_and_everything_is_acknowledged_before()
    {
        using var folder = new TemporaryFolder();
        await using var engine = await NativeEngine.StartAsync();
        await using var host = await TestHost.StartAsync(engine.Endpoint, folder.Path, options => options.ReconnectAfterEnd = false);
        await engine.DoAsync("metrics 1 300");

        await engine.DoAsync("complete");

        await Eventually.BecomesAsync(() => host.Source.State == SourceState.Ended, () => $"{host.Source.State}: {host.Source.Reason}");
        Assert.Equal(300, host.Sink.Of(engine.SessionId).Count);
        Assert.Equal(300UL, host.Source.AcknowledgedSequence);
    }
}
