// The regions between the snippet marks are the example of src/Mev.Sdk.Ingest/README.md, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using Mev.Sdk;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Ingest.Transports;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Integration.Tests.Readme.Packages;

internal static class IngestExample
{
    public static async Task RunAsync(ReadOnlyMemory<byte> frames, IRecordSink mySink, CancellationToken cancellationToken)
    {
        // snippet-start: program
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { EngineName = "my-engine" });
        await engine.PublishAsync(frames, cancellationToken);    // one or more whole frames, see Mev.Sdk.Wire.FrameWriter

        await using var sequencer = new RecordSequencer([mySink]);
        var source = new EngineRecordSource(new EngineSourceOptions { Name = "engine", Endpoint = $"tcp://{engine.LocalEndPoint}" });
        await source.RunAsync(sequencer, cancellationToken);     // reconnects by itself until cancelled

        // snippet-end
    }
}
