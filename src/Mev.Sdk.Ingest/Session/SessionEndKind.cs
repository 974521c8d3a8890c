namespace Mev.Sdk.Ingest.Session;

/// <summary>How a session ended.</summary>
internal enum SessionEndKind
{
    /// <summary>The connection broke or fell silent; try again soon.</summary>
    Broken = 0,

    /// <summary>The engine said that it goes away for now; try again soon.</summary>
    Goodbye = 1,

    /// <summary>Everything has been sent.</summary>
    EndOfStream = 2,

    /// <summary>One side will not have the other; trying soon again is pointless.</summary>
    Refused = 3,

    /// <summary>The peer sent what is no frame; try again soon.</summary>
    Malformed = 4,
}
