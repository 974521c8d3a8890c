using Mev.Sdk.Ingest;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Storage;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Integration.Tests.Pipeline;

/// <summary>One life of a host: an engine's stream over a real socket into the journal, and from there into DuckDB.</summary>
internal static class PipelineRun
{
    // Only ends a test that hangs; nothing is measured.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Publishes frames to a host over a data directory, waits until all of them are rows, and stops the host.</summary>
    /// <param name="dataDirectory">The host's folder; it may hold an earlier life's data.</param>
    /// <param name="frames">Frames, one behind the other.</param>
    /// <param name="flags">What the engine says its stream carries.</param>
    /// <param name="look">Sees the stopped stream's results while the host still runs.</param>
    public static async Task PublishAsync(string dataDirectory, ReadOnlyMemory<byte> frames, StreamFlags flags, Func<IHistoryReader, JournalStatistics, Task> look)
    {
        using var patience = new CancellationTokenSource(Patience);
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { Flags = flags });
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddMevSdk()
            .AddEngineSource("engine", $"tcp://{engine.LocalEndPoint}")
            .AddStorage(storage =>
            {
                storage.DataDirectory = dataDirectory;
                storage.Kind = flags.HasFlag(StreamFlags.Simulated) ? DataKind.Simulated : DataKind.Chain;
            })
            .UseDuckDb();
        using var host = builder.Build();
        await host.StartAsync(patience.Token);
        await engine.WaitForSubscriberAsync(patience.Token);
        await engine.PublishAsync(frames, patience.Token);
        Assert.True(await engine.CompleteAsync(GoodbyeCode.EndOfStream, "end of the test's stream", Timeout.InfiniteTimeSpan, patience.Token));

        var journal = host.Services.GetRequiredService<RecordJournal>();
        await journal.FlushAsync(patience.Token);
        var projector = host.Services.GetRequiredService<Projector>();
        while (projector.Checkpoint < journal.DurableLsn)
        {
            Assert.True(projector.LastError is null, $"The projector failed: {projector.LastError}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
        }

        await look(host.Services.GetRequiredService<IHistoryReader>(), journal.Statistics);
        await host.StopAsync(patience.Token);
    }
}
