using Mev.Sdk.Ingest.Accepting;
using Mev.Sdk.Ingest.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Ingest.AspNetCore.Tests.Support;

/// <summary>A web host on a free loopback port that takes engines in and remembers their records.</summary>
internal sealed class EngineHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EngineHost(WebApplication app, CollectingSink sink)
    {
        _app = app;
        Sink = sink;
    }

    public CollectingSink Sink { get; }

    public string Http => _app.Urls.First();

    public string Endpoint => Http.Replace("http://", "ws://", StringComparison.Ordinal) + "/engine";

    public EngineAcceptor Acceptor => _app.Services.GetRequiredService<EngineAcceptor>();

    public IReadOnlyList<SourceSnapshot> Sources => _app.Services.GetRequiredService<IngestMonitor>().GetSnapshot().Sources;

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public SourceSnapshot Source(string name) => Sources.Single(source => source.Name == name);

    public static async Task<EngineHost> StartAsync(
        Action<IngestOptions> configure,
        string? policy = "vouched",
        CollectingSink? sink = null,
        FakeLog? log = null,
        ILogger<EngineAcceptor>? logger = null,
        int port = 0,
        bool inAnonymousGroup = false)
    {
        sink ??= new CollectingSink();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddAuthorization(options =>
        {
            options.AddPolicy("vouched", vouched => vouched.RequireAssertion(_ => true));
            options.AddPolicy("nobody", nobody => nobody.RequireAssertion(_ => false));
            options.FallbackPolicy = options.GetPolicy("nobody");
        });
        builder.Services.AddAuthentication("none").AddScheme<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions, NoAuthentication>("none", null);
        builder.Services.AddSingleton<IRecordSink>(sink);
        if (log is not null)
        {
            builder.Services.AddSingleton<IRecordSink>(log);
            builder.Services.AddSingleton<IRecordLog>(provider =>
            {
                log.Listeners.AddRange(provider.GetServices<IDurabilityListener>());
                return log;
            });
        }

        if (logger is not null)
        {
            builder.Services.AddSingleton(logger);
        }

        builder.Services.AddMevSdk().AddIngest(configure);
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        Microsoft.AspNetCore.Routing.IEndpointRouteBuilder routes = inAnonymousGroup ? app.MapGroup("").AllowAnonymous() : app;
        routes.MapEngineStream("/engine", policy);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new EngineHost(app, sink);
    }

    public IReadOnlyList<CoverageGap> Gaps => _app.Services.GetRequiredService<Session.GapLedger>().GetGaps();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
