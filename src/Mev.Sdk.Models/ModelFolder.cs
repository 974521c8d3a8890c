namespace Mev.Sdk.Models;

/// <summary>A folder with one artifact a version: what a host keeps its models in.</summary>
/// <param name="root">The folder; made when the first artifact is saved.</param>
public sealed class ModelFolder(string root)
{
    /// <summary>The folder.</summary>
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>Versions held, oldest first.</summary>
    /// <returns>Names of the folders that look complete; they are checked when loaded.</returns>
    public IReadOnlyList<string> GetVersions() => !Directory.Exists(Root)
        ? []
        : [.. Directory.EnumerateDirectories(Root)
            .Where(static d => File.Exists(Path.Combine(d, ModelArtifact.SumsFileName)) && !d.EndsWith(".building", StringComparison.Ordinal))
            .Select(static d => Path.GetFileName(d))
            .Order(StringComparer.Ordinal)];

    /// <summary>Saves an artifact under its version.</summary>
    /// <param name="artifact">The artifact.</param>
    /// <returns>Its folder.</returns>
    /// <exception cref="IOException">The version exists already, or the folder cannot be written.</exception>
    public string Save(ModelArtifact artifact)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        var folder = Path.Combine(Root, artifact.Version);
        artifact.Save(folder);
        return folder;
    }

    /// <summary>Loads the latest version.</summary>
    /// <returns>The artifact, or null when there is none.</returns>
    /// <exception cref="ModelArtifactException">The latest version is damaged; an older one is not taken in its place silently.</exception>
    public ModelArtifact? LoadLatest()
    {
        var versions = GetVersions();
        return versions.Count == 0 ? null : ModelArtifact.Load(Path.Combine(Root, versions[^1]));
    }
}
