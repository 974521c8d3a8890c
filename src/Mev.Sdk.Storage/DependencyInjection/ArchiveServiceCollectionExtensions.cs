using Mev.Sdk;
using Mev.Sdk.Storage;
using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Blobs;
using Mev.Sdk.Storage.Internal;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the archive to a host.</summary>
public static class ArchiveServiceCollectionExtensions
{
    /// <summary>
    /// Adds an <see cref="ArchiveSealer"/> that tails the journal into archive objects and holds back its retention, an <see cref="ArchiveSet"/> to read them, and their <see cref="ArchiveKeys"/>, whose
    /// master keys are those of the journal. Objects go to the registered <see cref="IBlobStore"/>; without one, into the folder <c>Mev:Storage:Archive:Directory</c>. Call it after <c>AddStorage</c>.
    /// </summary>
    /// <param name="builder">The host's packages.</param>
    /// <param name="configure">Changes the options.</param>
    /// <returns>The same builder. Safe to call more than once.</returns>
    public static MevSdkBuilder AddArchive(this MevSdkBuilder builder, Action<ArchiveOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (configure is not null)
        {
            services.Configure<StorageOptions>(options => configure(options.Archive));
        }

        services.TryAddSingleton<IBlobStore>(static p => new FolderBlobStore(Place(p, Options(p).Archive.Directory, "archive"), p.GetService<TimeProvider>()));
        if (services.All(static s => s.ServiceType != typeof(ArchiveSealer)))
        {
            services.AddSingleton(static p => new ArchiveMasterKeys(p.GetService<IKeyProvider>(), Options(p).Journal.Encryption));
            services.AddSingleton(static p => new ArchiveKeys(p.GetRequiredService<IBlobStore>(), p.GetRequiredService<ArchiveMasterKeys>()));
            services.AddSingleton(static p => new ArchiveSet(p.GetRequiredService<IBlobStore>(), p.GetRequiredService<ArchiveKeys>(), Options(p).Archive.Reader.For(Options(p).Archive.Encryption)));
            services.AddSingleton(static p => new ArchiveSealer(
                p.GetRequiredService<IRecordLog>(),
                p.GetRequiredService<IBlobStore>(),
                Options(p).Archive.With(Place(p, Options(p).Archive.SpoolDirectory, "archive-spool")),
                p.GetRequiredService<ArchiveKeys>(),
                p.GetService<TimeProvider>(),
                p.GetService<ILogger<ArchiveSealer>>()));
            services.AddSingleton<IRetentionHold>(static p => p.GetRequiredService<ArchiveSealer>());
            services.AddSingleton<IHostedService>(static p => p.GetRequiredService<ArchiveSealer>());
        }

        return builder;
    }

    private static StorageOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<StorageOptions>>().Value;

    private static string Place(IServiceProvider provider, string stated, string name) =>
        string.IsNullOrWhiteSpace(stated) ? provider.GetRequiredService<DataDirectory>().GetPath(name) : stated;
}
