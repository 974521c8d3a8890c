namespace Mev.Sdk.Storage.Queries;

/// <summary>Writes a <see cref="HistoryQuery"/> as one statement of a database.</summary>
/// <remarks>Pure: text and parameters, no connection. Thread-safe.</remarks>
public static class HistorySql
{
    /// <summary>Writes a query without sketches; of those with some, <see cref="HistoryPlanner"/> makes several.</summary>
    /// <param name="query">The query.</param>
    /// <param name="dialect">The words of the database.</param>
    /// <returns>The statement; its result has the order of the query.</returns>
    /// <exception cref="HistoryQueryException">The query is not valid, or has an aggregate that a database does not answer by itself.</exception>
    public static SqlStatement Write(HistoryQuery query, SqlDialect dialect)
    {
        ArgumentNullException.ThrowIfNull(dialect);
        var bound = BoundQuery.Bind(query, isLimited: false);
        if (bound.Aggregates.FirstOrDefault(static a => a.Aggregate.Of is HistoryAggregation.Quantile or HistoryAggregation.Distinct) is { } sketch)
        {
            throw new HistoryQueryException([$"aggregates: {sketch.Aggregate.Of} is made of several statements; ask a {nameof(HistoryPlanner)}."]);
        }

        return new SqlWriter(bound, dialect).Write();
    }
}
