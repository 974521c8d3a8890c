using Mev.Sdk.Ingest.Session;

namespace Mev.Sdk.Ingest.Publishing;

/// <summary>What a publisher grants its subscribers.</summary>
/// <param name="Handshake">For the first message, and for the end after a goodbye.</param>
/// <param name="Stuck">For a connection to accept the next bytes.</param>
/// <param name="Keys">A subscriber proves that it has one of them; none = nobody has to prove anything.</param>
internal readonly record struct SubscriberLimits(TimeSpan Handshake, TimeSpan Stuck, IReadOnlyList<SessionKey> Keys);
