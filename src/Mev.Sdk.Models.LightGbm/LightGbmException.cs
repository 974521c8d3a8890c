namespace Mev.Sdk.Models.LightGbm;

/// <summary>LightGBM's library reported an error; the message is its own, with what was being done.</summary>
public sealed class LightGbmException : Exception
{
    /// <summary>Makes an exception.</summary>
    public LightGbmException()
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What was being done and what LightGBM said.</param>
    public LightGbmException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What was being done and what LightGBM said.</param>
    /// <param name="innerException">Why.</param>
    public LightGbmException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
