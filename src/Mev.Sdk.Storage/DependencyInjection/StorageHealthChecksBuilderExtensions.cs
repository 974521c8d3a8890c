using Mev.Sdk.Storage;
using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Health;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Tiers;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds storage to a host's health checks.</summary>
public static class StorageHealthChecksBuilderExtensions
{
    /// <summary>The name of the check, and its tag.</summary>
    public const string CheckName = "mev-storage";

    /// <summary>Adds a check of the journal, of every registered <see cref="Projector"/>, of the archive and of the mover of the tiers; its thresholds are <see cref="StorageOptions.Health"/>.</summary>
    /// <param name="builder">The host's checks.</param>
    /// <param name="configure">Changes the thresholds.</param>
    /// <param name="tags">Tags besides <see cref="CheckName"/>, such as "ready".</param>
    /// <returns>The same builder. Call it once, after or before <c>AddStorage</c>.</returns>
    public static IHealthChecksBuilder AddMevStorage(this IHealthChecksBuilder builder, Action<StorageHealthOptions>? configure = null, params IEnumerable<string> tags)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (configure is not null)
        {
            builder.Services.Configure<StorageOptions>(options => configure(options.Health));
        }

        builder.Services.TryAddSingleton(static provider => new StorageHealthCheck(
            provider.GetRequiredService<RecordJournal>(),
            provider.GetServices<Projector>(),
            provider.GetRequiredService<IOptions<StorageOptions>>().Value.Health,
            provider.GetService<TimeProvider>(),
            provider.GetService<ArchiveSealer>(),
            provider.GetService<TierMover>()));
        return builder.Add(new HealthCheckRegistration(
            CheckName, static provider => provider.GetRequiredService<StorageHealthCheck>(), failureStatus: null, [CheckName, .. tags]));
    }
}
