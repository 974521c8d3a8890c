namespace Mev.Sdk;

/// <summary>The journal cannot keep a batch as it is: a malformed or too long frame, or another number of records than it says. Nothing of it was taken.</summary>
/// <remarks>Only the source that delivered the batch is at fault, so only that source ends; the intake goes on for the others. Delivering it again has the same result.</remarks>
public sealed class BatchRefusedException : ArgumentException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which record of the batch, what is wrong with it, and what to do.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public BatchRefusedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
