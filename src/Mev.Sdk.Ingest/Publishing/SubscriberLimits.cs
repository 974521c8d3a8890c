namespace Mev.Sdk.Ingest.Publishing;

/// <summary>How long a publisher waits for its subscribers.</summary>
/// <param name="Handshake">For the first message, and for the end after a goodbye.</param>
/// <param name="Stuck">For a connection to accept the next bytes.</param>
internal readonly record struct SubscriberLimits(TimeSpan Handshake, TimeSpan Stuck);
