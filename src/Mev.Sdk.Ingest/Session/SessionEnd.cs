namespace Mev.Sdk.Ingest.Session;

/// <summary>How and why a session ended.</summary>
internal readonly record struct SessionEnd(SessionEndKind Kind, string Reason);
