using System.Text;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Internal;

/// <summary>Writes the small frames of a session.</summary>
internal static class SessionFrames
{
    // A reason is for a person: what is longer is cut, so that no peer is sent a frame it must refuse.
    private const int MaxTextBytes = 512;

    public static byte[] Hello(in HelloMessage hello, string engineName, ulong engineTime)
    {
        var name = Text(engineName);
        var frame = new byte[FrameSize.Of<HelloMessage>().WithData(name.Length).Total];
        var writer = FrameWriter.Begin(frame, in hello);
        writer.Data(name);
        writer.Complete(hello.NextSequence - 1, engineTime);
        return frame;
    }

    public static byte[] Challenge(in Bytes32 nonce) => Block(new ChallengeMessage { Nonce = nonce }, 0, 0);

    public static byte[] Proof(in Bytes32 nonce, in Bytes32 mac) => Block(new ProofMessage { Nonce = nonce, Mac = mac }, 0, 0);

    public static byte[] Subscribe(ulong sessionId, ulong fromSequence, uint heartbeatMilliseconds = 0) =>
        Block(new SubscribeMessage { SessionId = sessionId, FromSequence = fromSequence, HeartbeatMilliseconds = heartbeatMilliseconds }, 0, 0);

    public static byte[] Ack(ulong sessionId, ulong durableSequence) => Block(new AckMessage { SessionId = sessionId, DurableSequence = durableSequence }, 0, 0);

    public static byte[] ReplayRequest(ulong sessionId, ulong first, ulong last) =>
        Block(new ReplayRequestMessage { SessionId = sessionId, FirstSequence = first, LastSequence = last }, 0, 0);

    public static byte[] GapNotice(ulong sessionId, ulong first, ulong last, GapCause cause, ulong lastSequence, ulong engineTime) =>
        Block(new GapNoticeMessage { SessionId = sessionId, FirstSequence = first, LastSequence = last, Cause = cause }, lastSequence, engineTime);

    public static byte[] Heartbeat(ulong lastSequence, ulong engineTime, ulong echo = 0, ulong echoReceived = 0) =>
        Block(new HeartbeatMessage { EchoNanoseconds = echo, EchoReceivedNanoseconds = echoReceived }, lastSequence, engineTime);

    public static byte[] Goodbye(GoodbyeCode code, string reason, ulong lastSequence, ulong engineTime)
    {
        var message = new GoodbyeMessage { Code = code };
        var text = Text(reason);
        var frame = new byte[FrameSize.Of<GoodbyeMessage>().WithData(text.Length).Total];
        var writer = FrameWriter.Begin(frame, in message);
        writer.Data(text);
        writer.Complete(lastSequence, engineTime);
        return frame;
    }

    /// <summary>Reads a fixed block and the text behind it.</summary>
    public static bool TryRead<T>(ReadOnlyMemory<byte> frame, out T block, out string text)
        where T : unmanaged, IMessageLayout
    {
        var body = new BodyReader(new RecordView(Lsn.None, frame.Span));
        block = default;
        text = "";
        if (!body.TryBlock<T>(out var blocks) || !body.TryData(out var data))
        {
            return false;
        }

        block = blocks[0];
        text = PeerText.Decode(data[..Math.Min(data.Length, MaxTextBytes)]);
        return true;
    }

    /// <summary>Reads a fixed block without anything behind it.</summary>
    public static bool TryRead<T>(ReadOnlyMemory<byte> frame, out T block)
        where T : unmanaged, IMessageLayout
    {
        var found = new BodyReader(new RecordView(Lsn.None, frame.Span)).TryBlock<T>(out var blocks);
        block = found ? blocks[0] : default;
        return found;
    }

    /// <summary>The clock's time as frames carry it: nanoseconds since the Unix epoch.</summary>
    public static ulong Now(TimeProvider time) => (ulong)(time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    private static byte[] Block<T>(in T message, ulong sequence, ulong time)
        where T : unmanaged, IMessageLayout
    {
        var frame = new byte[FrameSize.Of<T>().Total];
        FrameWriter.Begin(frame, in message).Complete(sequence, time);
        return frame;
    }

    private static byte[] Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length <= MaxTextBytes ? bytes : bytes[..MaxTextBytes];
    }
}
