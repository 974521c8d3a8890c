using System.Diagnostics;
using Mev.Sdk.Benchmarks.Data;
using Mev.Sdk.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Benchmarks.Areas.Ingest;

/// <summary>A host that an engine dials by WebSocket. Its sink takes records only while they are measured.</summary>
internal sealed class WebSocketHost : IAsyncDisposable
{
    private const string Policy = "anyone";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _application;
    private readonly GatedSink _sink = new();

    /// <param name="engineName">What the engine says in its hello.</param>
    public WebSocketHost(string engineName)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddAuthorization(options => options.AddPolicy(Policy, policy => policy.RequireAssertion(static _ => true)));
        builder.Services.AddSingleton<IRecordSink>(_sink);
        builder.Services.AddMevSdk().AddEngineStreamBuffers().AcceptEngine(engineName);
        _application = builder.Build();
        _application.UseAuthorization();
        _application.MapEngineStream("/engine", Policy);
    }

    /// <summary>Where an engine connects; after <see cref="StartAsync"/>.</summary>
    public string Endpoint
    {
        get
        {
            var address = _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            return $"ws://{new Uri(address).Authority}/engine";
        }
    }

    public Task StartAsync() => _application.StartAsync();

    /// <summary>Receives for a while, then holds the engine back again.</summary>
    /// <returns>Records a second, after warming up.</returns>
    public async Task<double> RecordsPerSecondAsync(TimeSpan warmUp, TimeSpan measured)
    {
        var before = _sink.Counted.Records;
        _sink.Open();
        var waiting = Stopwatch.GetTimestamp();
        while (_sink.Counted.Records == before)
        {
            if (Stopwatch.GetElapsedTime(waiting) > Patience)
            {
                throw new InvalidOperationException("No record came by WebSocket.");
            }

            await Task.Delay(5).ConfigureAwait(false);
        }

        await Task.Delay(warmUp).ConfigureAwait(false);
        var (records, started) = (_sink.Counted.Records, Stopwatch.GetTimestamp());
        await Task.Delay(measured).ConfigureAwait(false);
        var rate = (_sink.Counted.Records - records) / Stopwatch.GetElapsedTime(started).TotalSeconds;
        _sink.Close();
        return rate;
    }

    public async ValueTask DisposeAsync()
    {
        _sink.Open();
        await _application.DisposeAsync().ConfigureAwait(false);
    }

    private sealed class GatedSink : IRecordSink
    {
        private TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CountingSink Counted { get; } = new();

        public void Open() => _gate.TrySetResult();

        public void Close() => Volatile.Write(ref _gate, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

        public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
        {
            var gate = Volatile.Read(ref _gate).Task;
            return gate.IsCompleted ? Counted.WriteAsync(batch, cancellationToken) : WaitAsync(gate, batch, cancellationToken);
        }

        private async ValueTask WaitAsync(Task gate, RecordBatch batch, CancellationToken cancellationToken)
        {
            await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            await Counted.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
        }
    }
}
