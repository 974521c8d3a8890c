using Mev.Sdk;
using Mev.Sdk.Ingest;
using Mev.Sdk.Ingest.Health;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the intake to a host's health checks.</summary>
public static class IngestHealthChecksBuilderExtensions
{
    /// <summary>The name of the check, and its tag.</summary>
    public const string CheckName = "mev-ingest";

    /// <summary>Adds a check that says which stage of the intake is slow or down; its thresholds are <see cref="IngestOptions.Health"/>.</summary>
    /// <param name="builder">The host's checks.</param>
    /// <param name="configure">Changes the thresholds.</param>
    /// <param name="tags">Tags besides <see cref="CheckName"/>, such as "ready".</param>
    /// <returns>The same builder. Call it once, after or before <c>AddIngest</c>.</returns>
    public static IHealthChecksBuilder AddMevIngest(this IHealthChecksBuilder builder, Action<IngestHealthOptions>? configure = null, params IEnumerable<string> tags)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (configure is not null)
        {
            builder.Services.Configure<IngestOptions>(options => configure(options.Health));
        }

        builder.Services.TryAddSingleton(static provider => new IngestHealthCheck(
            provider.GetRequiredService<IngestMonitor>(),
            provider.GetService<ICoverage>(),
            provider.GetRequiredService<IOptions<IngestOptions>>().Value.Health,
            provider.GetService<TimeProvider>()));
        return builder.Add(new HealthCheckRegistration(
            CheckName, static provider => provider.GetRequiredService<IngestHealthCheck>(), failureStatus: null, [CheckName, .. tags]));
    }
}
