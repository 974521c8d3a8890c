using DuckDB.NET.Native;

namespace Mev.Sdk.Storage.DuckDb;

/// <summary>DuckDB could not go on with a query; its binding's own exception cannot be made from outside.</summary>
internal sealed class RowFetchException(string message, DuckDBErrorType error) : IOException(message)
{
    public DuckDBErrorType Error => error;
}
