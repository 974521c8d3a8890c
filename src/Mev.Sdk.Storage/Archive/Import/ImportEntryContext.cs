using System.Text.Json.Serialization;

namespace Mev.Sdk.Storage.Archive.Import;

/// <summary>How lists of files are written as JSON, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(List<ImportEntry>))]
internal sealed partial class ImportEntryContext : JsonSerializerContext;
