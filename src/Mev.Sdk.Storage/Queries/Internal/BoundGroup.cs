using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Queries;

/// <summary>A group whose column is found.</summary>
internal sealed record BoundGroup(HistoryColumn Column, HistoryGroup Group);
