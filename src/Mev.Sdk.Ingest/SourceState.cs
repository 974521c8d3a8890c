namespace Mev.Sdk.Ingest;

/// <summary>Where a source stands with its peer.</summary>
public enum SourceState
{
    /// <summary>Not yet connected, or connecting for the first time.</summary>
    Connecting = 0,

    /// <summary>Subscribed; records flow or the stream is idle.</summary>
    Connected = 1,

    /// <summary>The connection broke, was refused, or could not be made; the source tries again.</summary>
    Disconnected = 2,

    /// <summary>The engine said that everything has been sent, or the source was stopped.</summary>
    Ended = 3,
}
