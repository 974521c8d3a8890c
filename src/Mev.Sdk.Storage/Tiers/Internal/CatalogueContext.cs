using System.Text.Json.Serialization;

namespace Mev.Sdk.Storage.Tiers.Internal;

/// <summary>How the catalogue and manifests are written: without reflection, nothing that is null, for a person's eyes too.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    WriteIndented = true)]
[JsonSerializable(typeof(CatalogueFile))]
[JsonSerializable(typeof(ManifestFile))]
internal sealed partial class CatalogueContext : JsonSerializerContext;
