using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mev.Sdk.Storage.Queries;

/// <summary>JSON of questions, without reflection.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    MaxDepth = 40,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    NumberHandling = JsonNumberHandling.Strict,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(HistoryValueJson), typeof(HistorySpanJson)])]
[JsonSerializable(typeof(QueryForm))]
internal sealed partial class HistoryJsonContext : JsonSerializerContext;
