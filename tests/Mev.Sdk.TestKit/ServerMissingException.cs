namespace Mev.Sdk.TestKit;

/// <summary>A server that tests want is not installed on this machine; the message says how to have it.</summary>
public sealed class ServerMissingException(string message) : Exception(message);
