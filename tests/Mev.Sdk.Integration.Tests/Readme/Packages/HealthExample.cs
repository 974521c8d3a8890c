// The regions between the snippet marks are the example of src/Mev.Sdk.Ingest/README.md, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using Microsoft.Extensions.DependencyInjection;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Integration.Tests.Readme.Packages;

internal static class HealthExample
{
    public static void Run(IServiceCollection services)
    {
        // snippet-start: program
        services.AddHealthChecks().AddMevIngest(tags: "ready").AddMevStorage(tags: "ready");

        // snippet-end
    }
}
