namespace Mev.Sdk.Wire;

/// <summary>Why a frame is malformed.</summary>
public enum FrameError
{
    /// <summary>It is not.</summary>
    None = 0,

    /// <summary>The length is under the size of a header.</summary>
    LengthTooSmall = 1,

    /// <summary>The length is over the reader's limit.</summary>
    LengthTooLarge = 2,

    /// <summary>The length is not a multiple of 8.</summary>
    LengthUnaligned = 3,

    /// <summary>The checksum does not match.</summary>
    ChecksumMismatch = 4,

    /// <summary>The schema id is not this format's.</summary>
    UnknownSchema = 5,

    /// <summary>The fixed block leads outside the frame.</summary>
    BlockTooLong = 6,
}
