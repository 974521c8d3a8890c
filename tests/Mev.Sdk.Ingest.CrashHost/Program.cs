using Mev.Sdk.Ingest;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// Started by tests, to be killed: "ENDPOINT FOLDER" is a whole host, one engine and the journal. Prints "ready", then what it has acknowledged
// whenever that grows; what was printed must be in the journal later.
if (args is not [var endpoint, var folder])
{
    return 2;
}

var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
builder.Services.AddMevSdk()
    .AddStorage(options =>
    {
        options.DataDirectory = folder;
        options.Journal.CommitInterval = TimeSpan.FromMilliseconds(10);
        options.Journal.SegmentBytes = 1 << 20;
    })
    .AddEngineSource("engine", endpoint, options =>
    {
        options.ReconnectInitialDelay = TimeSpan.FromMilliseconds(10);
        options.ReconnectMaxDelay = TimeSpan.FromMilliseconds(100);
    });
using var host = builder.Build();
await host.StartAsync();
await Console.Out.WriteLineAsync("ready");
var monitor = host.Services.GetRequiredService<IngestMonitor>();
for (var printed = 0UL; ; await Task.Delay(1))
{
    if (monitor.GetSnapshot().Sources.Single(source => source.Name == "engine").AcknowledgedSequence is var acknowledged && acknowledged > printed)
    {
        printed = acknowledged;
        await Console.Out.WriteLineAsync($"acknowledged {printed}");
    }
}
