using System.Runtime.InteropServices;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Wire;
using Microsoft.Win32.SafeHandles;

namespace Mev.Sdk.Ingest.Transports.Captures;

/// <summary>What a capture holds, found by walking its frames once.</summary>
/// <param name="Hello">The engine's hello, saying what the capture can give.</param>
/// <param name="EngineName">The engine's name.</param>
/// <param name="BodyOffset">Where the frames behind the hello begin, bytes.</param>
internal sealed record CaptureIndex(HelloMessage Hello, string EngineName, long BodyOffset)
{
    private const int MaxHelloBytes = 4 << 10;

    /// <exception cref="IOException">The file is no capture; the message says why and what to do.</exception>
    public static CaptureIndex Read(SafeFileHandle handle, string path, CancellationToken cancellationToken)
    {
        var (hello, name, length) = ReadHello(handle, path);
        var (first, last) = Walk(handle, length, cancellationToken);

        // The hello was true when it was said. Now the capture is all there is: it begins with its first record and ends with its last.
        hello.FirstRetainedSequence = first == 0 ? hello.NextSequence : first;
        hello.NextSequence = Math.Max(last + 1, hello.FirstRetainedSequence);
        // Nobody is there to prove a key or to take scores; replays stay, since those of the captured connection are in the file.
        hello.Flags &= ~(StreamFlags.Authenticated | StreamFlags.TakesScores | StreamFlags.TakesParameters);
        return new CaptureIndex(hello, name, length);
    }

    private static (HelloMessage Hello, string Name, int Length) ReadHello(SafeFileHandle handle, string path)
    {
        var bytes = new byte[MaxHelloBytes];
        var read = CaptureFile.ReadFully(handle, bytes, 0);
        var header = read < FrameHeader.Size ? default : MemoryMarshal.Read<FrameHeader>(bytes);
        var length = (int)Math.Min(header.Length, int.MaxValue);
        if (length < FrameHeader.Size || length > read || FrameReader.Check(bytes.AsSpan(0, length)) != FrameError.None)
        {
            throw new IOException($"{path} is no capture of an engine's stream: it does not begin with a whole frame.");
        }

        if (header.TemplateId != TemplateIds.Hello || !SessionFrames.TryRead<HelloMessage>(bytes.AsMemory(0, length), out var hello, out var name))
        {
            throw new IOException(
                $"{path} begins with template {header.TemplateId}, not with an engine's hello, so its session is unknown; make captures with CaptureFolder or CaptureWriter.");
        }

        return (hello, name, length);
    }

    // Lengths are believed here only to find the ends; each frame's checksum is looked at when the session reads it.
    private static (ulong First, ulong Last) Walk(SafeFileHandle handle, long offset, CancellationToken cancellationToken)
    {
        var (first, last) = (0UL, 0UL);
        var file = new CaptureFile(handle);
        while (file.TryPeek(offset, out var header) && header.Length >= FrameHeader.Size && offset + header.Length <= file.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TemplateIds.IsRecord(header.TemplateId))
            {
                first = first == 0 ? header.Sequence : first;
                last = Math.Max(last, header.Sequence);
            }

            offset += header.Length;
        }

        return (first, last == ulong.MaxValue ? last - 1 : last);
    }
}
