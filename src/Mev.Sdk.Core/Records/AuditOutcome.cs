namespace Mev.Sdk.Records;

/// <summary>How an audited action ended; stable on the wire and on disk.</summary>
public enum AuditOutcome : ushort
{
    /// <summary>Not stated.</summary>
    Unspecified = 0,

    /// <summary>It was done.</summary>
    Succeeded = 1,

    /// <summary>It was not allowed.</summary>
    Denied = 2,

    /// <summary>It was tried and failed.</summary>
    Failed = 3,
}
