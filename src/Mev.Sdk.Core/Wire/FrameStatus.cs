namespace Mev.Sdk.Wire;

/// <summary>What a look at the front of a byte stream found.</summary>
public enum FrameStatus
{
    /// <summary>A whole, valid frame.</summary>
    Done = 0,

    /// <summary>The beginning of a frame; more bytes are needed.</summary>
    NeedMoreData = 1,

    /// <summary>Bytes that no writer of this format makes; the stream has no trustworthy boundary any more.</summary>
    Malformed = 2,
}
