using Mev.Sdk.Ingest.Session;

namespace Mev.Sdk.Ingest.Publishing;

/// <summary>What a publisher grants its subscribers.</summary>
/// <param name="Handshake">For the first message, and for the end after a goodbye.</param>
/// <param name="Stuck">For a connection to accept the next bytes.</param>
/// <param name="Unacknowledged">For a subscriber that holds the engine up to acknowledge something more.</param>
/// <param name="MaxSubscribers">Subscribers at a time.</param>
/// <param name="Keys">A subscriber proves that it has one of them; none = nobody has to prove anything.</param>
internal sealed record SubscriberLimits(TimeSpan Handshake, TimeSpan Stuck, TimeSpan Unacknowledged, int MaxSubscribers, IReadOnlyList<SessionKey> Keys)
{
    /// <summary>Connections that have not subscribed yet; a handshake takes a host milliseconds.</summary>
    public const int MaxHandshakes = 64;

    /// <summary>What one more subscriber is told.</summary>
    public string Full => $"the engine already serves {MaxSubscribers} subscribers, its limit.";
}
