// The regions between the snippet marks are the example of src/Mev.Sdk.Ingest.AspNetCore/README.md, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using Mev.Sdk.Ingest;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Integration.Tests.Readme.Packages;

internal static class AspNetCoreHostExample
{
    public static async Task RunAsync(string[] args)
    {
        // snippet-start: program
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.Configure<IngestOptions>(builder.Configuration.GetSection("Mev:Ingest"));
        builder.Services.AddMevSdk().AcceptEngine("engine", engine => engine.Key = builder.Configuration["EngineKey"]);

        var app = builder.Build();
        app.MapEngineStream("/engine");
        await app.RunAsync();

        // snippet-end
    }
}
