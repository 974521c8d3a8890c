using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mev.Sdk.Models.Inference;

namespace Mev.Sdk.Models;

/// <summary>A trained model with everything one must know to use it: schema, threshold, figures, provenance.</summary>
/// <remarks>
/// <para>A folder of three files: <c>model.txt</c> (LightGBM's text, usable by LightGBM itself), <c>manifest.json</c>, and <c>SHA256SUMS</c> over both in the
/// format of <c>sha256sum</c>. A file that is missing, altered or cut off is refused when the artifact is loaded. The sums find accidents; they
/// are no defence against somebody who may write the folder.</para>
/// <para>Immutable and thread-safe.</para>
/// </remarks>
public sealed class ModelArtifact
{
    /// <summary>Name of the file with the model's text.</summary>
    public const string ModelFileName = "model.txt";

    /// <summary>Name of the file with the manifest.</summary>
    public const string ManifestFileName = "manifest.json";

    /// <summary>Name of the file with the sums.</summary>
    public const string SumsFileName = "SHA256SUMS";

    /// <summary>Combines a model and its manifest.</summary>
    /// <param name="manifest">What is known of the model.</param>
    /// <param name="modelText">LightGBM's model text.</param>
    /// <exception cref="ModelFormatException">The text is not a supported model.</exception>
    /// <exception cref="ArgumentException">The manifest's columns, their hash and the model do not fit each other.</exception>
    public ModelArtifact(ModelManifest manifest, string modelText)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        Manifest = manifest;
        ModelText = modelText;
        Model = TreeEnsemble.Parse(modelText);
        Schema = new FeatureSchema(manifest.Columns);
        if (!string.Equals(Schema.HashText, manifest.SchemaHash, StringComparison.Ordinal))
        {
            throw new ArgumentException($"The manifest's columns hash to {Schema.HashText}, it states {manifest.SchemaHash}.", nameof(manifest));
        }

        if (Model.FeatureCount != Schema.Count)
        {
            throw new ArgumentException($"The model takes {Model.FeatureCount} features, the manifest lists {Schema.Count} columns.", nameof(manifest));
        }
    }

    /// <summary>What is known of the model.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>The model's version.</summary>
    public string Version => Manifest.Version;

    /// <summary>What the model's features mean.</summary>
    public FeatureSchema Schema { get; }

    /// <summary>LightGBM's model text.</summary>
    public string ModelText { get; }

    /// <summary>The model, ready to score.</summary>
    public TreeEnsemble Model { get; }

    /// <summary>Makes a version: time, then the first digits of the text's SHA-256.</summary>
    /// <param name="createdAt">When the model was made.</param>
    /// <param name="modelText">LightGBM's model text.</param>
    /// <returns>Such as <c>20260102T030405Z-1a2b3c4d</c>.</returns>
    public static string MakeVersion(DateTimeOffset createdAt, string modelText) => string.Create(
        CultureInfo.InvariantCulture,
        $"{createdAt.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(modelText)).AsSpan(0, 4))}");

    /// <summary>Writes the artifact as a new folder, all of it or nothing.</summary>
    /// <param name="folder">The folder to make; its parent is made when it is missing.</param>
    /// <exception cref="IOException">The folder exists already, or cannot be written.</exception>
    public void Save(string folder)
    {
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Directory.Exists(target))
        {
            throw new IOException($"The folder '{target}' exists already: an artifact is never overwritten.");
        }

        // Written beside its place and renamed, so that a crash leaves no half artifact under the final name.
        var building = target + ".building";
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        if (Directory.Exists(building))
        {
            Directory.Delete(building, recursive: true);
        }

        Directory.CreateDirectory(building);
        var model = Encoding.UTF8.GetBytes(ModelText);
        var manifest = JsonSerializer.SerializeToUtf8Bytes(Manifest, ModelManifestJson.Default.ModelManifest);
        File.WriteAllBytes(Path.Combine(building, ModelFileName), model);
        File.WriteAllBytes(Path.Combine(building, ManifestFileName), manifest);
        File.WriteAllText(
            Path.Combine(building, SumsFileName),
            $"{Sum(manifest)}  {ManifestFileName}\n{Sum(model)}  {ModelFileName}\n");
        Directory.Move(building, target);
    }

    /// <summary>Reads an artifact and checks every byte of it.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The artifact.</returns>
    /// <exception cref="ModelArtifactException">A file is missing, altered, cut off, or of a later layout; the message names it.</exception>
    public static ModelArtifact Load(string folder)
    {
        var sums = Encoding.UTF8.GetString(Read(folder, SumsFileName));
        var manifestBytes = ReadVerified(folder, ManifestFileName, sums);
        var modelBytes = ReadVerified(folder, ModelFileName, sums);
        try
        {
            var manifest = JsonSerializer.Deserialize(manifestBytes, ModelManifestJson.Default.ModelManifest)
                ?? throw new JsonException("The manifest is null.");
            return manifest.Format == ModelManifest.CurrentFormat
                ? new ModelArtifact(manifest, Encoding.UTF8.GetString(modelBytes))
                : throw new ModelArtifactException(
                    $"'{Path.Combine(folder, ManifestFileName)}' has layout {manifest.Format}, this version reads {ModelManifest.CurrentFormat}: use the version that wrote it.");
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException)
        {
            throw new ModelArtifactException($"The artifact in '{folder}' is not usable: {e.Message}", e);
        }
    }

    private static byte[] ReadVerified(string folder, string name, string sums)
    {
        var bytes = Read(folder, name);
        var line = sums.Split('\n').FirstOrDefault(l => l.EndsWith("  " + name, StringComparison.Ordinal))
            ?? throw new ModelArtifactException($"'{Path.Combine(folder, SumsFileName)}' has no sum for {name}: the artifact is incomplete or altered.");
        var stated = line[..line.IndexOf(' ', StringComparison.Ordinal)];
        var actual = Sum(bytes);
        return string.Equals(stated, actual, StringComparison.Ordinal)
            ? bytes
            : throw new ModelArtifactException($"'{Path.Combine(folder, name)}' has SHA-256 {actual}, {SumsFileName} states {stated}: it was altered or cut off.");
    }

    private static byte[] Read(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelArtifactException($"'{path}' does not exist: this is no complete model artifact.", e);
        }
    }

    private static string Sum(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
