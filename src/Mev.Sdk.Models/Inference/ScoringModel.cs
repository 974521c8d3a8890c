using System.Text;

namespace Mev.Sdk.Models.Inference;

/// <summary>What a <see cref="ScoringSink"/> needs of a model.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class ScoringModel
{
    /// <summary>Makes a model.</summary>
    /// <param name="version">Its version.</param>
    /// <param name="schema">What its features mean.</param>
    /// <param name="predictor">What scores.</param>
    /// <param name="threshold">Probability from which a transaction counts as an opportunity.</param>
    /// <exception cref="ArgumentException">The predictor takes another number of features than the schema has.</exception>
    public ScoringModel(string version, FeatureSchema schema, IPredictor predictor, double threshold)
    {
        ArgumentException.ThrowIfNullOrEmpty(version);
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(predictor);
        if (predictor.FeatureCount != schema.Count)
        {
            throw new ArgumentException($"The model takes {predictor.FeatureCount} features, its schema has {schema.Count}.", nameof(predictor));
        }

        Version = version;
        VersionUtf8 = Encoding.UTF8.GetBytes(version);
        SchemaHash = schema.Hash;
        Predictor = predictor;
        Threshold = threshold;
    }

    /// <summary>Its version.</summary>
    public string Version { get; }

    /// <summary>Hash of the schema it was trained on.</summary>
    public ulong SchemaHash { get; }

    /// <summary>What scores.</summary>
    public IPredictor Predictor { get; }

    /// <summary>Probability from which a transaction counts as an opportunity.</summary>
    public double Threshold { get; }

    internal byte[] VersionUtf8 { get; }

    /// <summary>Takes what is needed from an artifact.</summary>
    /// <param name="artifact">The artifact.</param>
    /// <returns>The model.</returns>
    public static ScoringModel FromArtifact(ModelArtifact artifact)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        return new ScoringModel(artifact.Version, artifact.Schema, artifact.Model, artifact.Manifest.Threshold);
    }
}
