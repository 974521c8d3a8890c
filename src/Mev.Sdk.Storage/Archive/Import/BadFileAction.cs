namespace Mev.Sdk.Storage.Archive.Import;

/// <summary>What an import does about a file that it cannot take.</summary>
public enum BadFileAction
{
    /// <summary>Reports it and goes on; a later run tries it again.</summary>
    Skip = 0,

    /// <summary>Reports it and ends after what was taken before is archived.</summary>
    Stop,
}
