namespace Mev.Sdk.Storage.Journal;

/// <summary>Records were asked for that retention, or somebody who archives, has taken out of the log.</summary>
public sealed class RecordsRemovedException : IOException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="from">The first LSN that was wanted.</param>
    /// <param name="lastRemoved">The last LSN that is gone.</param>
    /// <param name="directory">The journal's folder.</param>
    /// <param name="cause">What the system said, if it was asked.</param>
    public RecordsRemovedException(Lsn from, Lsn lastRemoved, string directory, Exception? cause)
        : base(
            $"The records from LSN {from} to {lastRemoved} are not in the journal '{directory}' any more. Read from behind them or from Lsn.None; to keep what is still "
            + "to be read, add an IRetentionHold or widen Mev:Storage:Journal:Retention.",
            cause)
    {
        From = from;
        LastRemoved = lastRemoved;
    }

    /// <summary>The first LSN that was wanted.</summary>
    public Lsn From { get; }

    /// <summary>The last LSN that is gone.</summary>
    public Lsn LastRemoved { get; }
}
