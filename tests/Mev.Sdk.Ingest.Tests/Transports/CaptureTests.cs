using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Ingest.Transports.Captures;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Transports;

public sealed class CaptureTests : IDisposable
{
    private static readonly uint Source = SourceIds.FromName("engine");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mev-capture-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string CapturePath => Path.Combine(_folder.FullName, "day one.frames");

    private string Endpoint => new Uri(CapturePath).AbsoluteUri;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task CaptureFolder_what_was_streamed_is_played_again_record_by_record()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { EngineName = "captured", Flags = StreamFlags.Simulated });
        await using (var host = new Stand(engine, options => options.CaptureFolder = Path.Combine(_folder.FullName, "new")))
        {
            await engine.PublishAsync(Frames.Many(0, 3000, padding: 300), Token);
            await host.Sink.WaitForAsync(3000);
        }

        var capture = Directory.GetFiles(Path.Combine(_folder.FullName, "new")).Single();
        Assert.Matches(@"engine-\d{8}T\d{6}\.\d{3}\.frames$", capture);
        await using var replay = new Stand(new Uri(capture).AbsoluteUri, options => options.ReconnectAfterEnd = false);
        await replay.Running.WaitAsync(TimeSpan.FromSeconds(30), Token);

        Assert.Equal(Enumerable.Range(0, 3000).Select(i => (long)i), replay.Sink.Numbers);
        Assert.Equal(
            (SourceState.Ended, "captured", engine.SessionId, StreamFlags.Simulated | StreamFlags.Replays, "the capture ends here."),
            (replay.Snapshot.State, replay.Snapshot.EngineName, replay.Snapshot.SessionId, replay.Snapshot.Flags, replay.Snapshot.Reason));
        Assert.Empty(replay.Gaps.GetGaps());
    }

    [Fact]
    public async Task RunAsync_resumes_behind_what_is_durable()
    {
        Write(EngineBytes.Hello(next: 1), EngineBytes.Records(1, 500));
        var log = new FakeLog();
        log.Positions.Add(new StreamPosition(Source, EngineBytes.Session, 400));
        await using var host = new Stand(Endpoint, log: log);

        await host.Sink.WaitForAsync(100);

        Assert.Equal(EngineBytes.Range(401, 500).Select(i => (long)i), host.Sink.Numbers);
        Assert.Equal(0, host.Snapshot.Duplicates);
        await host.StateAsync(SourceState.Ended);
    }

    [Fact]
    public async Task RunAsync_capture_that_begins_late_and_misses_some_says_so_in_the_ledger()
    {
        Write(EngineBytes.Hello(first: 1, next: 900), EngineBytes.Records(100, 199), EngineBytes.Records(300, 310));
        var log = new FakeLog();
        log.Positions.Add(new StreamPosition(Source, EngineBytes.Session, 49));
        await using var host = new Stand(Endpoint, log: log);

        await host.StateAsync(SourceState.Ended);

        Assert.Equal(111, host.Sink.Numbers.Count);
        Assert.Equal([(50UL, 99UL), (200UL, 299UL)], host.Gaps.GetGaps().Select(gap => (gap.FirstSequence, gap.LastSequence)).Order());
    }

    [Fact]
    public async Task RunAsync_follow_goes_on_as_the_file_grows_and_ends_with_the_engines_goodbye()
    {
        Write(EngineBytes.Hello(), EngineBytes.Records(1, 10));
        await using var host = new Stand(Endpoint + "?follow=true", options => options.ReconnectAfterEnd = false);
        await host.Sink.WaitForAsync(10);

        // Byte by byte, so that every state of a growing frame is met.
        await using (var file = new FileStream(CapturePath, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, 0))
        {
            foreach (var value in Frames.Concat(EngineBytes.Record(11), EngineBytes.Record(12)))
            {
                file.WriteByte(value);
                await Task.Delay(1, Token);
            }

            await host.Sink.WaitForAsync(12);
            Assert.Equal(SourceState.Connected, host.Snapshot.State);
            file.Write(Frames.Concat(EngineBytes.Records(13, 20), EngineBytes.Goodbye(20, GoodbyeCode.ShuttingDown)));
        }

        await host.Running.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal(EngineBytes.Range(1, 20).Select(i => (long)i), host.Sink.Numbers);
        Assert.Equal("the capture ends with the engine's goodbye.", host.Snapshot.Reason);
    }

    [Fact]
    public async Task RunAsync_capture_appended_to_after_its_end_goes_on()
    {
        Write(EngineBytes.Hello(), EngineBytes.Records(1, 10));
        await using var host = new Stand(Endpoint);
        await host.StateAsync(SourceState.Ended);
        await File.AppendAllBytesAsync(CapturePath, EngineBytes.Records(11, 15), Token);
        await host.Sink.WaitForAsync(15);
        Assert.Equal(EngineBytes.Range(1, 15).Select(i => (long)i), host.Sink.Numbers);
    }

    [Fact]
    public async Task RunAsync_torn_end_is_left_out_and_said()
    {
        Write(EngineBytes.Hello(), EngineBytes.Records(1, 3), EngineBytes.Record(4)[..20]);
        await using var host = new Stand(Endpoint);
        await host.StateAsync(SourceState.Ended);
        Assert.Equal("the capture ends within a frame; its last 20 bytes are left out.", host.Snapshot.Reason);
        Assert.Equal(3, host.Sink.Numbers.Count);
        Assert.Empty(host.Gaps.GetGaps());
    }

    [Fact]
    public async Task RunAsync_proof_of_the_captured_connection_and_its_heartbeats_do_not_matter()
    {
        var challenge = new byte[FrameSize.Of<ChallengeMessage>().Total];
        FrameWriter.Begin(challenge, default(ChallengeMessage)).Complete(0, 0);
        var proof = new byte[FrameSize.Of<ProofMessage>().Total];
        FrameWriter.Begin(proof, default(ProofMessage)).Complete(0, 0);
        Write(
            EngineBytes.Hello(flags: StreamFlags.Authenticated), challenge, proof, EngineBytes.Records(1, 5), EngineBytes.Heartbeat(5),
            EngineBytes.Record(6), EngineBytes.Goodbye(6));
        await using var host = new Stand(Endpoint);
        await host.StateAsync(SourceState.Ended);
        Assert.Equal(EngineBytes.Range(1, 6).Select(i => (long)i), host.Sink.Numbers);
    }

    [Fact]
    public async Task RunAsync_records_that_were_sent_again_in_the_captured_stream_heal_its_gap()
    {
        Write(
            EngineBytes.Hello(flags: StreamFlags.Replays), EngineBytes.Records(1, 5), EngineBytes.Records(8, 10), EngineBytes.Records(6, 7),
            EngineBytes.Records(11, 12));
        await using var host = new Stand(Endpoint);
        await host.StateAsync(SourceState.Ended);
        Assert.Equal(EngineBytes.Range(1, 12).Select(i => (long)i), host.Sink.Numbers.Order());
        Assert.DoesNotContain(host.Gaps.GetGaps(), gap => gap.State != Records.GapState.Healed);
    }

    [Fact]
    public async Task RunAsync_damaged_record_ends_the_session_there()
    {
        var bad = EngineBytes.Record(3);
        bad[^1] ^= 1;
        Write(EngineBytes.Hello(), EngineBytes.Records(1, 2), bad, EngineBytes.Record(4));
        await using var host = new Stand(Endpoint);
        await Eventually.BecomesAsync(() => host.Snapshot.ChecksumFailures > 0);
        Assert.Equal([1L, 2L], host.Sink.Numbers);
    }

    [Theory]
    [InlineData("records", "not with an engine's hello")]
    [InlineData("nothing", "does not begin with a whole frame")]
    [InlineData("text", "does not begin with a whole frame")]
    [InlineData("none", "there is no file")]
    public async Task RunAsync_what_is_no_capture_is_refused_by_name(string content, string reason)
    {
        if (content != "none")
        {
            Write(content switch
            {
                "records" => EngineBytes.Records(1, 5),
                "text" => [.. Enumerable.Repeat((byte)'x', 500)],
                _ => [],
            });
        }

        await using var host = new Stand(Endpoint);
        await Eventually.BecomesAsync(() => host.Snapshot.Reason.Contains(reason, StringComparison.Ordinal), () => host.Snapshot.Reason);
        Assert.Contains(CapturePath, host.Snapshot.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CaptureFolder_that_cannot_be_written_does_not_stop_the_stream()
    {
        var file = Path.Combine(_folder.FullName, "file");
        await File.WriteAllTextAsync(file, "in the way", Token);
        var logger = new ListLogger<Ingest.Transports.EngineRecordSource>();
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await engine.PublishAsync(Frames.Many(0, 10), Token);
        await using var host = new Stand($"tcp://{engine.LocalEndPoint}", options => options.CaptureFolder = file, logger: logger);
        await host.Sink.WaitForAsync(10);
        Assert.Contains(logger.Entries, entry => entry.Text.Contains("cannot be written", StringComparison.Ordinal));
    }

    [Fact]
    public void Validate_capture_with_a_key_or_unknown_options_is_refused()
    {
        var exception = Assert.Throws<ArgumentException>(() => new Ingest.Transports.EngineRecordSource(
            new Ingest.Transports.EngineSourceOptions { Endpoint = Endpoint + "?loop=true", KeyBytes = new byte[32], CaptureFolder = " " }));
        Assert.Contains("a capture cannot prove anything", exception.Message, StringComparison.Ordinal);
        Assert.Contains("only ?follow=true", exception.Message, StringComparison.Ordinal);
        Assert.Contains("CaptureFolder is empty", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CaptureWriter_makes_folder_and_file_for_this_user_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes; folders inherit their rights there.");
        if (!OperatingSystem.IsWindows())
        {
            var folder = Path.Combine(_folder.FullName, "captures");
            using var writer = CaptureWriter.CreateIn(folder, "engine", DateTimeOffset.UnixEpoch);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(writer.Path));
        }
    }

    [Fact]
    public void CaptureWriter_never_overwrites()
    {
        using (var writer = new CaptureWriter(CapturePath))
        {
            writer.Write(EngineBytes.Hello());
            Assert.Equal(CapturePath, writer.Path);
        }

        Assert.Throws<IOException>(() => new CaptureWriter(CapturePath));
        Assert.Equal(EngineBytes.Hello().Length, new FileInfo(CapturePath).Length);

        var now = DateTimeOffset.UnixEpoch;
        using var first = CaptureWriter.CreateIn(_folder.FullName, "a/b", now);
        using var second = CaptureWriter.CreateIn(_folder.FullName, "a/b", now);
        Assert.Equal(["a_b-19700101T000000.000.frames", "a_b-19700101T000000.000-1.frames"], new[] { first, second }.Select(writer => Path.GetFileName(writer.Path)));
    }

    private void Write(params byte[][] parts) => File.WriteAllBytes(CapturePath, Frames.Concat(parts));
}
