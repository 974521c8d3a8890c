// The regions between the snippet marks are the example of src/Mev.Sdk.Storage/README.md, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using Mev.Sdk.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Integration.Tests.Readme.Packages;

internal static class StorageHostExample
{
    public static void Run(string[] args)
    {
        // snippet-start: program
        var builder = Host.CreateApplicationBuilder(args);
        builder.Services.Configure<StorageOptions>(builder.Configuration.GetSection("Mev:Storage"));   // without it the keys below have no effect
        builder.Services.AddMevSdk()
            .AddStorage(o => { o.DataDirectory = "data"; o.Kind = DataKind.Chain; })
            .UseDuckDb();                            // Mev.Sdk.Storage.DuckDb

        // snippet-end
    }
}
