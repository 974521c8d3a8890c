namespace Mev.Sdk.Ingest.Control;

/// <summary>One update of the host's book, until it is answered. Mutable parts are the book's.</summary>
internal sealed class ParameterEntry
{
    public required Guid UpdateId { get; init; }

    public required uint SourceId { get; init; }

    public required ushort StrategyId { get; init; }

    public required ulong Revision { get; init; }

    /// <summary>The JSON object in UTF-8.</summary>
    public required byte[] Parameters { get; init; }

    public required string Actor { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When it is no longer wanted, nanoseconds since the Unix epoch; 0 = never.</summary>
    public required ulong ExpiresNanoseconds { get; init; }

    /// <summary>Completed with the answer.</summary>
    public TaskCompletionSource<ParameterOutcome> Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Where its request stands in the log; <see cref="Lsn.None"/> until the sequencer showed it.</summary>
    public Lsn Lsn { get; set; }

    /// <summary>A crash cannot forget it any more, so it may be sent.</summary>
    public bool IsDurable { get; set; }

    /// <summary>The engine may have seen it, in this process or in one before: only the engine knows how it ends.</summary>
    public bool MayHaveBeenSent { get; set; }

    /// <summary>How often it was handed to a connection, in this process.</summary>
    public int Sends { get; set; }

    /// <summary>The connection it was handed to last.</summary>
    public long Connection { get; set; }
}
