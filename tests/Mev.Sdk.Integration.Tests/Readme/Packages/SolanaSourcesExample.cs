// The regions between the snippet marks are the example of src/Mev.Sdk.Ingest.Solana/README.md, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Integration.Tests.Readme.Packages;

internal static class SolanaSourcesExample
{
    public static void Run(string[] args)
    {
        // snippet-start: program
        var builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddMevSdk().AddSolanaSource(builder.Configuration);
        builder.Services.AddMevSdk().AddYellowstoneSource(options => options.Endpoint = "https://grpc.example");
        builder.Services.AddMevSdk().AddNodePoller(options => options.Connection.Endpoint = "https://rpc.example");

        // snippet-end
    }
}
