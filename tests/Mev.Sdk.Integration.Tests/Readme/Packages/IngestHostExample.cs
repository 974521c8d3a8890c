// The regions between the snippet marks are the example of src/Mev.Sdk.Ingest/README.md, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using Mev.Sdk.Ingest;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Integration.Tests.Readme.Packages;

internal static class IngestHostExample
{
    public static void Run(string[] args)
    {
        // snippet-start: program
        var builder = Host.CreateApplicationBuilder(args);
        builder.Services.Configure<IngestOptions>(builder.Configuration.GetSection("Mev:Ingest"));
        builder.Services.AddMevSdk().AddIngest().AddEngineSource("engine", "tcp://127.0.0.1:9100");

        // snippet-end
    }
}
