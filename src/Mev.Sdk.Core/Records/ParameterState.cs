namespace Mev.Sdk.Records;

/// <summary>Where a parameter update stands; stable on the wire and on disk.</summary>
public enum ParameterState : ushort
{
    /// <summary>Not stated.</summary>
    Unspecified = 0,

    /// <summary>Asked for; not answered yet.</summary>
    Requested = 1,

    /// <summary>In force since the engine said so.</summary>
    Applied = 2,

    /// <summary>The engine refused it; the reason says why.</summary>
    Rejected = 3,

    /// <summary>A newer revision of the same strategy came first; it was not applied.</summary>
    Superseded = 4,

    /// <summary>Its time ran out before the engine answered.</summary>
    Expired = 5,
}
