namespace Mev.Sdk.Models.Inference;

/// <summary>A model's text cannot be used; the message says what is wrong and where.</summary>
public sealed class ModelFormatException : FormatException
{
    /// <summary>Makes an exception without a place.</summary>
    public ModelFormatException()
    {
    }

    /// <summary>Makes an exception without a place.</summary>
    /// <param name="message">What is wrong.</param>
    public ModelFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a cause.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">Why.</param>
    public ModelFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an exception for a line.</summary>
    /// <param name="line">The line, from 1; 0 = the text as a whole.</param>
    /// <param name="message">What is wrong with it.</param>
    public ModelFormatException(int line, string message)
        : base(line == 0 ? message : $"Line {line}: {message}") => Line = line;

    /// <summary>The line, from 1; 0 = the text as a whole.</summary>
    public int Line { get; }
}
