using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Support;

/// <summary>What an engine would send, as bytes.</summary>
internal static class EngineBytes
{
    public const ulong Session = 0xABCDEF;

    public static byte[] Hello(
        ulong session = Session, ulong first = 1, ulong next = 1, uint heartbeatMilliseconds = 1000, StreamFlags flags = StreamFlags.None)
    {
        var hello = new HelloMessage
        {
            SessionId = session,
            FirstRetainedSequence = first,
            NextSequence = next,
            HeartbeatMilliseconds = heartbeatMilliseconds,
            Flags = flags,
        };
        return SessionFrames.Hello(in hello, "test engine", 0);
    }

    public static byte[] Record(ulong sequence) => Frames.Numbered((long)sequence, sequence);

    public static byte[] Records(ulong first, ulong last) => [.. Range(first, last).SelectMany(Record)];

    public static byte[] Heartbeat(ulong last) => SessionFrames.Heartbeat(last, 0);

    public static byte[] Goodbye(ulong last, GoodbyeCode code = GoodbyeCode.EndOfStream, string reason = "done") =>
        SessionFrames.Goodbye(code, reason, last, 0);

    public static IEnumerable<ulong> Range(ulong first, ulong last)
    {
        for (var at = first; at <= last; at++)
        {
            yield return at;
        }
    }
}
