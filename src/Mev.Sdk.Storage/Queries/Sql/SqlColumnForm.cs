namespace Mev.Sdk.Storage.Queries;

/// <summary>How a database holds the values of a column.</summary>
public enum SqlColumnForm
{
    /// <summary>As what the catalogue says.</summary>
    Plain = 0,

    /// <summary>An unsigned number as the same bits in a signed column of the same width, because the database has no unsigned numbers.</summary>
    SignedBits,

    /// <summary>A key as its number in a table of keys.</summary>
    KeyNumber,
}
