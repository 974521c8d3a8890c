namespace Mev.Sdk.Ingest.Sequencing;

/// <summary>The sequencer takes no more records: a sink failed, or the host went down. Whoever delivers must stop, not retry.</summary>
public sealed class IntakeStoppedException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What stopped the intake, and what to do.</param>
    /// <param name="innerException">The sink's own exception, if any.</param>
    public IntakeStoppedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
