using System.Text;
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

    public static byte[] Subscribe(ulong sessionId, ulong fromSequence)
    {
        var message = new SubscribeMessage { SessionId = sessionId, FromSequence = fromSequence };
        var frame = new byte[FrameSize.Of<SubscribeMessage>().Total];
        FrameWriter.Begin(frame, in message).Complete(0, 0);
        return frame;
    }

    public static byte[] Ack(ulong sessionId, ulong durableSequence)
    {
        var message = new AckMessage { SessionId = sessionId, DurableSequence = durableSequence };
        var frame = new byte[FrameSize.Of<AckMessage>().Total];
        FrameWriter.Begin(frame, in message).Complete(0, 0);
        return frame;
    }

    public static byte[] Heartbeat(ulong lastSequence, ulong engineTime)
    {
        var message = default(HeartbeatMessage);
        var frame = new byte[FrameSize.Of<HeartbeatMessage>().Total];
        FrameWriter.Begin(frame, in message).Complete(lastSequence, engineTime);
        return frame;
    }

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
        // The text goes to logs and terminals: it must not be able to forge lines or move a cursor.
        var raw = Encoding.UTF8.GetString(data[..Math.Min(data.Length, MaxTextBytes)]);
        text = raw.Any(char.IsControl) ? string.Concat(raw.Select(static c => char.IsControl(c) ? '\uFFFD' : c)) : raw;
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

    private static byte[] Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length <= MaxTextBytes ? bytes : bytes[..MaxTextBytes];
    }
}
