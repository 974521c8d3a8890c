// The regions between the snippet marks are the README's example, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using System.Buffers;
using Mev.Sdk;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Records;
using Mev.Sdk.Simulation;
using Mev.Sdk.Storage;
using Mev.Sdk.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Integration.Tests.Readme;

internal static class ReadmeExample
{
    // "Console" is where the example writes, which here is the caller's writer.
    public static async Task RunAsync(TextWriter Console)
    {
        // snippet-start: program
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { Flags = StreamFlags.Simulated });
        var (builder, counter) = (Host.CreateApplicationBuilder(), new SwapCounter());
        builder.Services.AddSingleton<IRecordSink>(counter);
        builder.Services.AddMevSdk().AddEngineSource("engine", $"tcp://{engine.LocalEndPoint}").AddStorage(storage => storage.Kind = DataKind.Simulated);
        using var host = builder.Build();
        await host.StartAsync();
        await engine.WaitForSubscriberAsync();

        using var market = new SimulatedMarket(new MarketOptions { Seed = 7 });
        var frames = new ArrayBufferWriter<byte>();
        market.WriteSlot(frames);
        await engine.PublishAsync(frames.WrittenMemory);
        await engine.CompleteAsync(GoodbyeCode.EndOfStream, "one slot was all", TimeSpan.FromMinutes(1));
        await host.StopAsync();
        Console.WriteLine($"{counter.Swaps} swaps seen, every frame kept in .mev/data");

        // snippet-end
    }

    // snippet-start: sink
    internal sealed class SwapCounter : IRecordSink
    {
        public int Swaps { get; private set; }

        public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken)
        {
            foreach (var record in batch)
            {
                Swaps += TransactionView.TryRead(in record, out var transaction) ? transaction.Swaps.Length : 0;
            }

            return ValueTask.CompletedTask;
        }
    }

    // snippet-end
}
