// The regions between the snippet marks are the example of src/Mev.Sdk.Ingest/README.md, character for character; ReadmeTests holds them equal.
#pragma warning disable IDE0005
// snippet-start: usings
using Mev.Sdk;
using Mev.Sdk.Wire;
using Microsoft.Extensions.DependencyInjection;

// snippet-end
#pragma warning restore IDE0005

namespace Mev.Sdk.Integration.Tests.Readme.Packages;

internal static class ViewExample
{
    public static void Run(IServiceCollection services)
    {
        // snippet-start: program
        services.AddMevSdk().AddView<MyDashboard>(view => view.MaxBytes = 32 << 20);

        // snippet-end
    }

    // snippet-start: sink
    internal sealed class MyDashboard : IRecordSink
    {
        public async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken) =>
            await Task.Delay(batch.Count, cancellationToken);  // as slow as it likes: what it misses is counted
    }

    // snippet-end
}
