namespace Mev.Sdk.Wire;

/// <summary>Why a stream ended in order; stable on the wire.</summary>
public enum GoodbyeCode : uint
{
    /// <summary>No reason given.</summary>
    Unspecified = 0,

    /// <summary>Everything there was has been sent, as at the end of a replayed file.</summary>
    EndOfStream = 1,

    /// <summary>The engine shuts down; another session will follow.</summary>
    ShuttingDown = 2,

    /// <summary>The peer broke the protocol; the reason says how.</summary>
    ProtocolError = 3,

    /// <summary>The host refuses the stream, as when simulated records meet a directory of real ones; the reason says why.</summary>
    Refused = 4,

    /// <summary>The peer did not prove that it has the key.</summary>
    Unauthorized = 5,

    /// <summary>The peer took nothing, or said nothing, for longer than is allowed.</summary>
    TooSlow = 6,

    /// <summary>As many peers are connected as are allowed.</summary>
    Busy = 7,
}
