namespace Mev.Sdk.Models;

/// <summary>A stored model cannot be used: something is missing, altered or cut off. The message names the file.</summary>
public sealed class ModelArtifactException : IOException
{
    /// <summary>Makes an exception.</summary>
    public ModelArtifactException()
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What is wrong with which file.</param>
    public ModelArtifactException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What is wrong with which file.</param>
    /// <param name="innerException">Why.</param>
    public ModelArtifactException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
