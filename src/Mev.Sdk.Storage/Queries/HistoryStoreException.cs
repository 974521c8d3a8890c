namespace Mev.Sdk.Storage.Queries;

/// <summary>A store could not answer its part of a question.</summary>
public sealed class HistoryStoreException : IOException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="store">The store.</param>
    /// <param name="span">What it was to answer for.</param>
    /// <param name="innerException">Why it could not.</param>
    public HistoryStoreException(string store, HistorySpan span, Exception innerException)
        : base($"The store '{store}' could not answer for {span}: {innerException?.Message} Look at the store, state a range that others hold, or ask for a partial answer.", innerException)
    {
        Store = store;
        Span = span;
    }

    /// <summary>The store.</summary>
    public string Store { get; }

    /// <summary>What it was to answer for.</summary>
    public HistorySpan Span { get; }
}
