// The regions between the snippet marks are the example of src/Mev.Sdk.Ingest.AspNetCore/README.md, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using Mev.Sdk.Ingest.Publishing;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Integration.Tests.Readme.Packages;

internal static class AspNetCoreEngineExample
{
    public static async Task RunAsync(string engineKey)
    {
        // snippet-start: program
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions
        {
            EngineName = "engine",
            Endpoints = { "wss://host.example/engine" },
            Keys = { Convert.FromBase64String(engineKey) },
        });

        // snippet-end
    }
}
