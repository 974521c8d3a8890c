using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Accepting;

/// <summary>Looks at who says hello without taking the hello off the pipe: the session reads it again.</summary>
internal static class HelloPeek
{
    /// <summary>Waits for the first frame.</summary>
    /// <returns>The engine's name; null when the peer left, or says no hello.</returns>
    public static async ValueTask<string?> ReadNameAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var buffer = result.Buffer;
            var length = DeclaredLength(in buffer);
            if (length is < FrameHeader.Size or > EngineSession.MaxHandshakeFrameBytes || (result.IsCompleted && buffer.Length < (length ?? FrameHeader.Size)))
            {
                reader.AdvanceTo(buffer.Start);
                return null;
            }

            if (length is { } whole && buffer.Length >= whole)
            {
                var name = NameOf(buffer.Slice(0, whole).ToArray());
                reader.AdvanceTo(buffer.Start);
                return name;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private static long? DeclaredLength(in ReadOnlySequence<byte> buffer)
    {
        if (buffer.Length < sizeof(uint))
        {
            return null;
        }

        Span<byte> length = stackalloc byte[sizeof(uint)];
        buffer.Slice(0, sizeof(uint)).CopyTo(length);
        return MemoryMarshal.Read<uint>(length);
    }

    private static string? NameOf(byte[] frame) =>
        FrameReader.Check(frame) == FrameError.None
        && MemoryMarshal.Read<FrameHeader>(frame).TemplateId == TemplateIds.Hello
        && SessionFrames.TryRead<HelloMessage>(frame, out _, out var name) ? name : null;
}
