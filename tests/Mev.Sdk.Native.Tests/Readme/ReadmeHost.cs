// The regions between the snippet marks are native/README.md's host, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Native.Tests.Readme;

internal static class ReadmeHost
{
    public static async Task RunAsync(string[] args)
    {
        // snippet-start: program
        var builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddMevSdk().AddEngineSource("engine", "tcp://127.0.0.1:9700").AddStorage();
        using var host = builder.Build();
        await host.RunAsync();

        // snippet-end
    }
}
