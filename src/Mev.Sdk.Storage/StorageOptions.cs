using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Health;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage;

/// <summary>Where and how a host keeps its records. Read once, at start.</summary>
public sealed class StorageOptions
{
    /// <summary>Folder of everything the host keeps; relative to the current directory unless rooted. Default <c>.mev/data</c>.</summary>
    public string DataDirectory { get; set; } = Path.Combine(".mev", "data");

    /// <summary>What will be stored; a folder that holds the other kind is refused. Default <see cref="DataKind.Chain"/>.</summary>
    public DataKind Kind { get; set; } = DataKind.Chain;

    /// <summary>How the journal writes; its directory is the data directory's <c>journal</c> unless set.</summary>
    public JournalOptions Journal { get; set; } = new();

    /// <summary>How projectors tail it.</summary>
    public ProjectorOptions Projector { get; set; } = new();

    /// <summary>How the journal is archived, when <c>AddArchive</c> was called.</summary>
    public ArchiveOptions Archive { get; set; } = new();

    /// <summary>When rows become warm and cold, when a <see cref="TierMover"/> was added.</summary>
    public TierMoverOptions Tiers { get; set; } = new();

    /// <summary>What a question about the history may cost.</summary>
    public HistoryPlannerOptions Queries { get; set; } = new();

    /// <summary>When storage counts as slow or down.</summary>
    public StorageHealthOptions Health { get; set; } = new();

    /// <summary>Lists what is wrong with the options.</summary>
    /// <returns>One message a problem, with key and remedy; empty when there is none.</returns>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(DataDirectory))
            yield return "Mev:DataDirectory is empty: set the folder where records are kept.";
        if (!Enum.IsDefined(Kind))
            yield return $"Mev:Storage:Kind is {Kind}: set Chain or Simulated.";
        foreach (var problem in Journal.Validate().Concat(Projector.Validate()).Concat(Archive.Validate()).Concat(Tiers.Validate()).Concat(Queries.Validate()).Concat(Health.Validate()))
            yield return problem;
    }
}
