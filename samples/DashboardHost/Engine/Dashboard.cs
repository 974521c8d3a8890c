using System.Text.Json;
using EngineSimulator;
using Mev.Sdk.DashboardHost.Api;
using Mev.Sdk.DashboardHost.Archive;
using Mev.Sdk.DashboardHost.Control;
using Mev.Sdk.DashboardHost.Ingest;
using Mev.Sdk.DashboardHost.Live;
using Mev.Sdk.DashboardHost.Security;
using Mev.Sdk.DashboardHost.Tiers;
using Mev.Sdk.DashboardHost.Training;
using Mev.Sdk.DashboardHost.Transactions;
using Mev.Sdk.Features;
using Mev.Sdk.Ingest;
using Mev.Sdk.Models.LightGbm;
using Mev.Sdk.Models.Training;
using Mev.Sdk.Storage;
using Mev.Sdk.Storage.DuckDb;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace Mev.Sdk.DashboardHost.Engine;

/// <summary>Everything composed: engine, rooms, live view, pages. Built, not started.</summary>
internal sealed class Dashboard : IAsyncDisposable
{
    private const string SourceName = "engine";
    private readonly SimulatorEngine? _engine;

    private Dashboard(WebApplication app, HostSettings settings, SimulatorEngine? engine)
    {
        App = app;
        Settings = settings;
        _engine = engine;
    }

    public WebApplication App { get; }

    public HostSettings Settings { get; }

    /// <summary>Composes the host.</summary>
    /// <exception cref="StartupException">It cannot be as the arguments ask.</exception>
    public static async Task<Dashboard> BuildAsync(string[] args)
    {
        // Pages and bundle lie beside the program; the current directory is the caller's and is where the data goes.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ContentRootPath = AppContext.BaseDirectory,
            WebRootPath = Path.Combine(AppContext.BaseDirectory, "wwwroot"),
        });
        if (string.IsNullOrWhiteSpace(builder.Configuration["urls"]))
        {
            builder.WebHost.UseUrls(DashboardApplication.DefaultUrl);
        }

        // It would print a stack trace beside the one line that explains a failed start; see DashboardApplication.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);

        // The Ingest page asks once a second; what is wrong is there, at /health and in the stages' own logs.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        BindGuard.Check(builder.Configuration);
        var configured = builder.Configuration.GetSection("Mev:Ingest:Sources").GetChildren().Select(static source => source["Endpoint"] ?? "").ToArray();
        var settings = await HostSettings.ResolveAsync(builder.Configuration.GetSection("Mev").Get<HostOptions>() ?? new HostOptions(), configured);
        var engine = settings.Mode == DataMode.Engine ? null : EmbeddedEngine.Start(settings, TimeProvider.System);
        try
        {
            AddRooms(builder, settings, engine?.Endpoint ?? settings.Endpoint, configured);
            if (engine is not null)
            {
                builder.Services.AddSingleton(engine).AddHostedService<EngineWatch>();
            }

            AddPages(builder.Services);
            var app = builder.Build();
            UsePages(app);
            return new Dashboard(app, settings, engine);
        }
        catch
        {
            await (engine?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await (_engine?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private static void AddRooms(WebApplicationBuilder builder, HostSettings settings, string? endpoint, string[] configured)
    {
        var (services, configuration) = (builder.Services, builder.Configuration);
        services.AddSingleton(settings).AddSingleton(new EngineAddress(endpoint ?? (configuration["Mev:Source"] is { Length: > 0 } chain ? chain : string.Join(", ", configured))));
        services.Configure<IngestOptions>(configuration.GetSection("Mev:Ingest"));
        services.Configure<StorageOptions>(configuration.GetSection("Mev:Storage"));
        services.Configure<DuckDbOptions>(configuration.GetSection("Mev:Storage:DuckDb"));
        services.Configure<ParquetTierOptions>(configuration.GetSection("Mev:Storage:Parquet"));
        services.Configure<ArchiveHistoryOptions>(configuration.GetSection("Mev:Storage:Cold"));
        services.Configure<FeatureEngineOptions>(configuration.GetSection("Mev:Features"));
        services.Configure<ModelTrainingOptions>(configuration.GetSection("Mev:Models"));
        services.Configure<LightGbmOptions>(configuration.GetSection("Mev:LightGbm"));

        // Hosted services start in this order: before the sources.
        services.AddSingleton<FeatureWarmUp>().AddHostedService(static s => s.GetRequiredService<FeatureWarmUp>());
        var rooms = services.AddMevSdk()
            .AddStorage(options => (options.DataDirectory, options.Kind) = (settings.DataDirectory, settings.Kind))
            .AddArchive()
            .UseDuckDb()
            .UseParquet()
            .UseArchiveTier()
            .UseTiers();
        if (endpoint is not null)
        {
            rooms.AddEngineSource(SourceName, endpoint, source =>
            {
                source.ReconnectAfterEnd = settings.Mode == DataMode.Engine;
                source.ReconnectMaxDelay = TimeSpan.FromSeconds(2);
            });
        }

        if (!rooms.AddSolanaSource(configuration) && configuration["Mev:Source"] is { Length: > 0 } unknown)
        {
            throw new StartupException($"Mev:Source is '{unknown}'; there are solana-rpc, solana-ws, yellowstone and block-files.");
        }

        // Whatever the options say of each engine, simulated and real records never share a directory.
        services.PostConfigure<IngestOptions>(options =>
        {
            foreach (var source in options.Sources)
            {
                source.ExpectSimulated = settings.Kind == DataKind.Simulated;
            }
        });
        rooms.AddIngest().AddModels().AddLightGbm();
        services.AddHealthChecks().AddMevIngest(tags: "ready").AddMevStorage(tags: "ready");

        AddChecked<TrainingHostOptions>(services, configuration, "Mev:Training", static o => o.Validate());
        AddChecked<ControlHostOptions>(services, configuration, "Mev:Control", static o => o.Validate());
        AddChecked<LiveOptions>(services, configuration, "Mev:Live", static o => o.Validate());
        services.AddSingleton<ModelStatus>();
        services.AddSingleton<Backfill>();
        services.AddHostedService<ModelTrainingService>();
    }

    private static void AddPages(IServiceCollection services)
    {
        services.AddSingleton<TransactionReader>();
        services.AddSingleton<HistoryDesk>();
        services.AddSingleton<QuestionDesk>();
        services.AddMevSdk().AddView<LiveView>().AddView<SlotWatch>();

        // Changes of parameters are few, and one that is missed would show the wrong state for good: it sees every record, and throws at none.
        services.AddSingleton<ControlView>();
        services.AddSingleton<IRecordSink>(static s => s.GetRequiredService<ControlView>());
        services.AddSingleton<ControlAccess>();
        services.AddSingleton<ControlDesk>();
        services.AddHostedService<ControlRestore>();
        services.AddSingleton<MeterWindows>();
        services.AddSingleton<MeterCounts>();
        services.AddSingleton<IngestWatch>();
        services.AddHostedService(static s => s.GetRequiredService<IngestWatch>());
        services.AddSingleton<ArchiveWatch>();
        services.AddHostedService(static s => s.GetRequiredService<ArchiveWatch>());
        services.AddSingleton<TierWatch>();
        services.AddHostedService(static s => s.GetRequiredService<TierWatch>());
        services.AddSingleton<PipelineProbe>();
        services.AddSingleton<LiveBroadcaster>();
        services.AddHostedService(static s => s.GetRequiredService<LiveBroadcaster>());

        services.AddDashboardSecurity();
        services.AddRazorPages();
        services.AddProblemDetails();
        services.AddSignalR(static options => options.EnableDetailedErrors = false);
        services.ConfigureHttpJsonOptions(static options => options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.CamelCase);

        // No sign-in yet, so nothing to protect across restarts: keys live in memory.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
    }

    private static void UsePages(WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseRouting();

        // Before the static files: without an endpoint the fallback policy guards them too.
        app.UseAuthorization();
        app.UseStaticFiles();
        app.MapRazorPages();
        app.MapHub<LiveHub>("/live");
        app.MapDashboardApi();
        app.MapDashboardHealth();
    }

    private static void AddChecked<T>(IServiceCollection services, ConfigurationManager configuration, string section, Func<T, IEnumerable<string>> validate)
        where T : class
    {
        services.AddOptions<T>().Bind(configuration.GetSection(section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<T>>(new Checked<T>(validate));
    }

    private sealed class Checked<T>(Func<T, IEnumerable<string>> validate) : IValidateOptions<T>
        where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options) =>
            validate(options).ToArray() is [_, ..] problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }
}
