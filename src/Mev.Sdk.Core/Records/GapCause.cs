namespace Mev.Sdk.Records;

/// <summary>Why records are missing; stable on the wire and on disk.</summary>
public enum GapCause : uint
{
    /// <summary>Not stated.</summary>
    Unspecified = 0,

    /// <summary>The stream jumped over them.</summary>
    Skipped = 1,

    /// <summary>The engine no longer had them when they were asked for.</summary>
    NotRetained = 2,

    /// <summary>The engine dropped them itself: its ring was full and its policy is not to wait.</summary>
    Dropped = 3,

    /// <summary>They were asked for again, and the engine did not answer.</summary>
    Unanswered = 4,

    /// <summary>They were sent in a session that ended before the host came back.</summary>
    NeverMet = 5,

    /// <summary>The session ended without a goodbye and another one followed: how far it went is not known.</summary>
    EndUnknown = 6,
}
