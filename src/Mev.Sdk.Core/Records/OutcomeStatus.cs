namespace Mev.Sdk.Records;

/// <summary>How an opportunity ended; stable on the wire and on disk.</summary>
public enum OutcomeStatus : uint
{
    /// <summary>Not stated.</summary>
    Unknown = 0,

    /// <summary>Landed and paid.</summary>
    Succeeded = 1,

    /// <summary>Landed and failed; the fee was still paid.</summary>
    Failed = 2,

    /// <summary>Sent and not landed.</summary>
    Dropped = 3,

    /// <summary>Taken by somebody else.</summary>
    LostToRival = 4,

    /// <summary>Not sent, by decision.</summary>
    Declined = 5,
}
