using System.Runtime.InteropServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Publishing;

/// <summary>What a publisher does with the frames it is given: checks them, and stamps copies of them.</summary>
internal static class PublishedFrames
{
    /// <summary>The declared length of the first frame.</summary>
    public static int LengthOf(ReadOnlySpan<byte> frames) => (int)MemoryMarshal.Read<uint>(frames);

    /// <exception cref="ArgumentException">The bytes are not whole frames of records, or one is too long.</exception>
    public static void Check(ReadOnlySpan<byte> frames, int maxFrameBytes)
    {
        for (var at = 0; at < frames.Length;)
        {
            var rest = frames[at..];
            var header = rest.Length < FrameHeader.Size ? default : MemoryMarshal.Read<FrameHeader>(rest);
            if (header.Length < FrameHeader.Size || header.Length > (uint)rest.Length || header.Length % WireFormat.Alignment != 0)
            {
                throw new ArgumentException($"No whole frame begins at byte {at}: {header.Length} bytes declared, {rest.Length} given.", nameof(frames));
            }

            if (header.Length > (uint)maxFrameBytes)
            {
                throw new ArgumentException(
                    $"The frame at byte {at} has {header.Length} bytes, the retention takes {maxFrameBytes} (an eighth of RetentionBytes, which must be raised).",
                    nameof(frames));
            }

            if (header.SchemaId != WireFormat.SchemaId
                || !TemplateIds.IsRecord(header.TemplateId)
                || header.BlockLength > header.Length - FrameHeader.Size)
            {
                throw new ArgumentException(
                    $"The frame at byte {at} (template {header.TemplateId} of schema {header.SchemaId}) is not a record of this format.", nameof(frames));
            }

            at += (int)header.Length;
        }
    }

    /// <summary>Copies as many whole frames as fit, numbered from a sequence, with the time where they carry none.</summary>
    public static (int Bytes, ulong Count) Stamp(ReadOnlySpan<byte> frames, Span<byte> destination, ulong sequence, ulong now)
    {
        var bytes = 0;
        var count = 0UL;
        while (bytes < frames.Length)
        {
            var length = LengthOf(frames[bytes..]);
            if (length > destination.Length - bytes)
            {
                break;
            }

            var frame = destination.Slice(bytes, length);
            frames.Slice(bytes, length).CopyTo(frame);
            var stamped = MemoryMarshal.Read<FrameHeader>(frame).EngineTimeNanoseconds;
            FrameWriter.Stamp(frame, sequence + count++, stamped == 0 ? now : stamped);
            bytes += length;
        }

        return (bytes, count);
    }
}
