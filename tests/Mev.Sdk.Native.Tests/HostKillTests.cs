using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Native.Tests.Support;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Native.Tests;

/// <summary>A host is killed while an engine streams to it: at the end every record is in the journal, once.</summary>
[Trait("Needs", "kill")]
public sealed class HostKillTests
{
    // In one command of the engine, and between two looks at whether to go on.
    private const int BurstRecords = 200;

    private static readonly TimeSpan BurstInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static int Kills => Environment.GetEnvironmentVariable("MEV_LONG") == "1" ? 30 : 4;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Host_killed_at_any_moment_keeps_every_record_of_a_dotnet_engine_once()
    {
        using var folder = new TemporaryFolder();
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { RetentionBytes = 256 << 20 });
        var published = 0UL;
        await KillHostsAsync($"tcp://{engine.LocalEndPoint}", folder.Path, seed: 1, async () =>
        {
            var frames = new List<byte>();
            for (var i = 0; i < BurstRecords; i++)
            {
                frames.AddRange(Metric(++published));
            }

            await engine.PublishAsync(frames.ToArray(), Token);
        }, async () => Assert.True(await engine.CompleteAsync(GoodbyeCode.EndOfStream, "that was all", Patience, Token), $"acknowledged are {engine.AcknowledgedSequence} of {published}"));

        Assert.Equal(published, engine.AcknowledgedSequence);
        Assert.Equal(published, await CheckAsync(folder.Path, engine.SessionId));
    }

    [Fact]
    [Trait("Needs", "native")]
    public async Task Host_killed_at_any_moment_keeps_every_record_of_a_native_engine_once()
    {
        using var folder = new TemporaryFolder();
        await using var engine = await NativeEngine.StartAsync("--retention", $"{256 << 20}");
        var published = 0UL;
        await KillHostsAsync(engine.Endpoint, folder.Path, seed: 2, async () =>
        {
            await engine.DoAsync($"metrics {published + 1} {published + BurstRecords}");
            published += BurstRecords;
        }, () => engine.DoAsync("complete"));

        Assert.Equal(published, await CheckAsync(folder.Path, engine.SessionId));
    }

    // Publishes all the time; kills one host after the other, at first while it starts, then while it streams. The last one takes the rest, and
    // is killed as soon as the engine has heard that all is acknowledged: then it must be durable.
    private static async Task KillHostsAsync(string endpoint, string folder, int seed, Func<Task> publish, Func<Task> complete)
    {
        var random = new Random(seed);
        using var stop = new CancellationTokenSource();
        var publishing = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await publish();
                await Task.Delay(BurstInterval, Token);
            }
        }, Token);
        var acknowledged = 0UL;
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var host = new HostProcess(endpoint, folder);
            await (kill % 3 == 2 ? host.ReadyAsync() : host.AcknowledgingAsync());
            await Task.Delay(random.Next(0, 300), Token);
            await host.KillAsync();

            // What was acknowledged stays so.
            Assert.True(host.Acknowledged == 0 || host.Acknowledged >= acknowledged, $"kill {kill}: {host.Acknowledged} acknowledged, {acknowledged} before");
            acknowledged = Math.Max(acknowledged, host.Acknowledged);
        }

        await using var last = new HostProcess(endpoint, folder);
        await last.AcknowledgingAsync();
        await stop.CancelAsync();
        await publishing;
        await complete();
        await last.KillAsync();
    }

    // Each sequence once, with its own value, under LSNs that grow; no gap. Returns how many there are.
    private static async Task<ulong> CheckAsync(string folder, ulong session)
    {
        using var reader = JournalReader.Open(Path.Combine(folder, "journal"));
        var lsn = Lsn.None;
        var next = 1UL;
        await foreach (var batch in reader.ReadAsync(Lsn.None, follow: false, Token))
        {
            Assert.True(batch.FirstLsn > lsn, $"LSN {batch.FirstLsn} comes behind {lsn}");
            lsn = batch.LastLsn;
            foreach (var record in batch)
            {
                // No gap; the engine's word that this was all is an empty one.
                Assert.True(!GapView.TryRead(in record, out var gap) || gap.Record.LastSequence == gap.Record.FirstSequence - 1);
                if (batch.First.SessionId == session)
                {
                    Assert.True(MetricView.TryRead(in record, out var metric));
                    Assert.Equal((next, (double)next), (record.Header.Sequence, metric.Record.Value));
                    next++;
                }
            }

            batch.Release();
        }

        return next - 1;
    }

    private static byte[] Metric(ulong value)
    {
        var record = new MetricRecord { Value = value };
        var frame = new byte[MetricView.GetFrameLength(1, 0)];
        MetricView.Write(frame, engineTimeNanoseconds: 0, in record, "m"u8, []);
        return frame;
    }
}
