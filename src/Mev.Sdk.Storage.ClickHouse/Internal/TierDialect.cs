using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.ClickHouse.Internal;

/// <summary>ClickHouse's SQL over some parts of the warm tier.</summary>
internal sealed class TierDialect(IReadOnlyCollection<string> parts) : ClickHouseDialect
{
    public override string Source(HistoryTable table) => parts.Count == 0
        ? $"(SELECT {Sql.Columns(table)} FROM {TierTables.NameOf(table)} WHERE 0)"
        : $"(SELECT {Sql.Columns(table)} FROM {TierTables.NameOf(table)} WHERE {TierTables.Part} IN ({string.Join(", ", parts.Select(TierTables.Literal))}))";
}
