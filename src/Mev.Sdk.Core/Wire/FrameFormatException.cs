namespace Mev.Sdk.Wire;

/// <summary>A byte stream that is not, or no longer, a stream of frames.</summary>
public sealed class FrameFormatException : FormatException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="error">What is wrong.</param>
    /// <param name="position">Offset of the frame's first byte in its stream, in bytes.</param>
    /// <param name="declaredLength">The length the frame declares, in bytes.</param>
    public FrameFormatException(FrameError error, long position, long declaredLength)
        : base(Describe(error, position, declaredLength))
    {
        Error = error;
        Position = position;
        DeclaredLength = declaredLength;
    }

    /// <summary>What is wrong.</summary>
    public FrameError Error { get; }

    /// <summary>Offset of the frame's first byte in its stream, in bytes.</summary>
    public long Position { get; }

    /// <summary>The length the frame declares, in bytes.</summary>
    public long DeclaredLength { get; }

    private static string Describe(FrameError error, long position, long length) => error switch
    {
        FrameError.LengthTooSmall => $"The frame at byte {position} declares {length} bytes, less than its own header of {FrameHeader.Size}.",
        FrameError.LengthTooLarge => $"The frame at byte {position} declares {length} bytes, more than the configured limit. Is the peer a Mev.Sdk engine stream?",
        FrameError.LengthUnaligned => $"The frame at byte {position} declares {length} bytes, which is not a multiple of {WireFormat.Alignment}.",
        FrameError.ChecksumMismatch => $"The frame at byte {position} ({length} bytes) does not match its CRC-32C.",
        FrameError.UnknownSchema => $"The frame at byte {position} has another schema id than {WireFormat.SchemaId}.",
        FrameError.BlockTooLong => $"The frame at byte {position} ({length} bytes) has a fixed block that leads outside it.",
        _ => $"The frame at byte {position} is malformed.",
    };
}
