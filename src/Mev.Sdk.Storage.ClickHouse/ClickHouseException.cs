namespace Mev.Sdk.Storage.ClickHouse;

/// <summary>The server refused a statement, or could not be reached.</summary>
public sealed class ClickHouseException : IOException
{
    /// <summary>Makes one without words.</summary>
    public ClickHouseException()
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">What, where, and what to do; never a password.</param>
    public ClickHouseException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">What, where, and what to do; never a password.</param>
    /// <param name="innerException">Why.</param>
    public ClickHouseException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal ClickHouseException(string message, int code, bool isTransient, Exception? innerException = null)
        : base(message, innerException)
    {
        Code = code;
        IsTransient = isTransient;
    }

    /// <summary>The server's code of the error, as its <c>system.errors</c> lists them; 0 when it did not answer.</summary>
    public int Code { get; }

    /// <summary>Whether the same request may succeed later as it is.</summary>
    public bool IsTransient { get; }
}
