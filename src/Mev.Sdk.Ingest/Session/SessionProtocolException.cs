namespace Mev.Sdk.Ingest.Session;

/// <summary>The peer sends well-formed frames in an order that the session does not allow.</summary>
internal sealed class SessionProtocolException(string message) : Exception(message);
