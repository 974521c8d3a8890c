namespace Mev.Sdk.Storage.Journal;

/// <summary>The journal could not write and takes no more records; what was durable before stays durable and readable.</summary>
public sealed class JournalFaultedException : IOException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="path">The file or folder that failed.</param>
    /// <param name="durable">The last durable record.</param>
    /// <param name="cause">What the system said.</param>
    public JournalFaultedException(string path, Lsn durable, Exception cause)
        : base(Describe(path, durable, cause), cause)
    {
        Path = path;
        DurableLsn = durable;
    }

    /// <summary>The file or folder that failed.</summary>
    public string Path { get; }

    /// <summary>The last durable record; later ones must be asked for again from their source.</summary>
    public Lsn DurableLsn { get; }

    private static string Describe(string path, Lsn durable, Exception cause) =>
        $"The journal at '{path}' failed to write ({cause?.Message}) and takes no more records. Everything up to LSN {durable} is safe. "
        + "Free space on that disk or repair it, then start the host again: sources resume behind the last durable record.";
}
