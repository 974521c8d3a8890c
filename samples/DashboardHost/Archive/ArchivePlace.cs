using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Archive.Import;
using Mev.Sdk.Storage.Blobs;
using Mev.Sdk.Storage.Journal;

namespace Mev.Sdk.DashboardHost.Archive;

/// <summary>The archive that the verbs work on, and its keys, as the host's configuration says.</summary>
internal sealed class ArchivePlace : IDisposable
{
    private const string DefaultDataDirectory = ".mev/chain";

    private readonly ConfiguredKeyProvider _masterKeys;

    private ArchivePlace(string directory, ConfiguredKeyProvider masterKeys, ArchiveImportOptions import)
    {
        Import = import;
        Directory = Path.GetFullPath(directory);
        _masterKeys = masterKeys;
        Store = new FolderBlobStore(Directory);
        Keys = new ArchiveKeys(Store, masterKeys);
    }

    public string Directory { get; }

    /// <summary>How imports are done, as the configuration says.</summary>
    public ArchiveImportOptions Import { get; }

    /// <summary>The keys that journal and archive are encrypted with.</summary>
    public IKeyProvider MasterKeys => _masterKeys;

    public IBlobStore Store { get; }

    public ArchiveKeys Keys { get; }

    /// <summary>Opens the archive of --archive, of Mev:Storage:Archive:Directory, or of the data directory.</summary>
    public static ArchivePlace Open(ArchiveArguments arguments)
    {
        var configuration = new ConfigurationBuilder().SetBasePath(AppContext.BaseDirectory).AddJsonFile("appsettings.json", optional: true).AddEnvironmentVariables().Build();
        var encryption = configuration.GetSection("Mev:Storage:Journal:Encryption").Get<JournalEncryptionOptions>() ?? new JournalEncryptionOptions();
        var directory = arguments["--archive"] ?? configuration["Mev:Storage:Archive:Directory"];
        return new ArchivePlace(
            string.IsNullOrWhiteSpace(directory) ? Path.Combine(configuration["Mev:DataDirectory"] is { Length: > 0 } data ? data : DefaultDataDirectory, "archive") : directory,
            new ConfiguredKeyProvider(encryption),
            configuration.GetSection("Mev:Storage:Archive:Import").Get<ArchiveImportOptions>() ?? new ArchiveImportOptions());
    }

    public void Dispose()
    {
        Keys.Dispose();
        _masterKeys.Dispose();
    }
}
