using Mev.Sdk.Ingest;
using Mev.Sdk.Ingest.Transports;
using Mev.Sdk.Storage.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Mev.Sdk.Native.Tests.Support;

/// <summary>A whole host as a user composes it: one engine, the journal, and a sink that remembers.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly IHost _host;

    private TestHost(IHost host, FrameSink sink)
    {
        _host = host;
        Sink = sink;
    }

    public FrameSink Sink { get; }

    public ICoverage Coverage => _host.Services.GetRequiredService<ICoverage>();

    public IEngineControl Control => _host.Services.GetRequiredService<IEngineControl>();

    public SourceSnapshot Source => _host.Services.GetRequiredService<IngestMonitor>().GetSnapshot().Sources.Single(source => source.Name == "engine");

    public static async Task<TestHost> StartAsync(string endpoint, string folder, Action<EngineSourceOptions>? configure = null)
    {
        var sink = new FrameSink();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<IRecordSink>(sink);
        builder.Services.AddMevSdk()
            .AddStorage(options =>
            {
                options.DataDirectory = Path.Combine(folder, "data");
                options.Journal.CommitInterval = TimeSpan.FromMilliseconds(10);
            })
            .AddEngineSource("engine", endpoint, options =>
            {
                options.ReconnectInitialDelay = TimeSpan.FromMilliseconds(10);
                options.ReconnectMaxDelay = TimeSpan.FromMilliseconds(100);
                configure?.Invoke(options);
            });
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new TestHost(host, sink);
    }

    /// <summary>Waits until the engine was told that its records up to this one are durable.</summary>
    public Task AcknowledgedAsync(ulong sequence) =>
        Eventually.BecomesAsync(() => Source.AcknowledgedSequence >= sequence, () => $"acknowledged are {Source.AcknowledgedSequence} of {sequence}; {Source.State}: {Source.Reason}");

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }
}
