namespace Mev.Sdk.Storage.Archive;

/// <summary>Whether new archive objects are encrypted.</summary>
public enum ArchiveEncryption
{
    /// <summary>When there is a current master key, as the journal's segments are.</summary>
    WithMasterKey,

    /// <summary>Always: without a current master key nothing is archived.</summary>
    Required,

    /// <summary>Never.</summary>
    Off,
}
