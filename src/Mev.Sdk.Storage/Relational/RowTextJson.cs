using System.Text.Json.Serialization;

namespace Mev.Sdk.Storage.Relational;

/// <summary>Writes JSON strings without reflection.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class RowTextJson : JsonSerializerContext;
