using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Storage.ClickHouse.Internal;

/// <summary>Makes the tables, and brings them to where the last finished range left them.</summary>
internal sealed class StoreOpener(ClickHouseConnection server, ClickHouseConnection connection, ClickHouseOptions options, ILogger logger)
{
    // Those whose rows are made once, by their own LSN. Stages of slots and later versions of rows stay: what made them comes again and changes nothing then.
    private static readonly string[] Removable = [.. HistoryTables.All.Select(static t => t.Name), TableNames.Repeats, TableNames.TransactionsPerMinute, TableNames.OutcomesPerMinute];

    public async ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        // The version is written last: with it everything is there.
        if (await ReadVersionAsync(cancellationToken).ConfigureAwait(false) is { } known)
        {
            if (known != ClickHouseSchema.Version)
            {
                throw new InvalidDataException(
                    $"The tables of {connection.Name} are of version {known}, this program writes version {ClickHouseSchema.Version}: use a program of that version, or another Mev:Storage:ClickHouse:Database, which is filled from the log.");
            }

            return;
        }

        foreach (var statement in new SchemaText(options.Database, options.Cluster, options.RetentionDays).Statements())
        {
            // The first makes the database, which the others' address names.
            await server.ExecuteAsync(statement, cancellationToken).ConfigureAwait(false);
        }

        await connection.ExecuteAsync(
            $"INSERT INTO {TableNames.Schema} (one, schema_version, {TableNames.Version}) VALUES (1, {ClickHouseSchema.Version}, {ClickHouseSchema.Version})", cancellationToken, ("async_insert", "0")).ConfigureAwait(false);
    }

    private async ValueTask<uint?> ReadVersionAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await connection.QueryAsync($"SELECT schema_version FROM {TableNames.Schema}", cancellationToken, Sql.Final).ConfigureAwait(false);
            return answer.Length == 0 ? null : BinaryPrimitives.ReadUInt32LittleEndian(answer.Span);
        }
        catch (ClickHouseException e) when (e.Code is ErrorCodes.UnknownDatabase or ErrorCodes.UnknownTable)
        {
            return null;
        }
    }

    public async ValueTask<StoreSession> OpenAsync(CancellationToken cancellationToken)
    {
        // An insert of a session before this one may still run; it must not end behind the clearing up.
        await connection.ExecuteAsync($"KILL QUERY {OnCluster}WHERE startsWith(query_id, '{RangeWriter.QueryPrefix(options.Database)}') SYNC", cancellationToken).ConfigureAwait(false);
        var session = await ReadCheckpointAsync(cancellationToken).ConfigureAwait(false);
        await ClearAsync(session.Checkpoint, cancellationToken).ConfigureAwait(false);
        await ReadUnresolvedAsync(session, cancellationToken).ConfigureAwait(false);
        return session;
    }

    private string OnCluster => options.Cluster.Length == 0 ? "" : $"ON CLUSTER '{options.Cluster}' ";

    private async ValueTask<StoreSession> ReadCheckpointAsync(CancellationToken cancellationToken)
    {
        ulong? lastSlot = null;
        using (var slot = await connection.QueryAsync("SELECT max(slot), count() FROM transactions", cancellationToken).ConfigureAwait(false))
        {
            lastSlot = BinaryPrimitives.ReadUInt64LittleEndian(slot.Span[sizeof(ulong)..]) == 0 ? null : BinaryPrimitives.ReadUInt64LittleEndian(slot.Span);
        }

        using var answer = await connection.QueryAsync(
            $"SELECT last_lsn, transactions, opportunities, observed_opportunities FROM {TableNames.Ranges} ORDER BY last_lsn DESC LIMIT 1", cancellationToken, Sql.Final).ConfigureAwait(false);
        var row = answer.Span;
        return row.IsEmpty
            ? new StoreSession(Lsn.None, lastSlot)
            : new StoreSession(new Lsn(BinaryPrimitives.ReadUInt64LittleEndian(row)), lastSlot)
            {
                Transactions = BinaryPrimitives.ReadUInt64LittleEndian(row[8..]),
                Opportunities = BinaryPrimitives.ReadUInt64LittleEndian(row[16..]),
                ObservedOpportunities = BinaryPrimitives.ReadUInt64LittleEndian(row[24..]),
            };
    }

    private async ValueTask ClearAsync(Lsn checkpoint, CancellationToken cancellationToken)
    {
        var sql = new StringBuilder("SELECT ");
        foreach (var table in Removable)
        {
            sql.Append(CultureInfo.InvariantCulture, $"(SELECT count() FROM {table} WHERE lsn > {checkpoint.Value}),");
        }

        sql.Length--;
        using var answer = await connection.QueryAsync(sql.ToString(), cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < Removable.Length; i++)
        {
            // A scalar subquery is nullable: a null mark, then the number.
            var behind = BinaryPrimitives.ReadUInt64LittleEndian(answer.Span[((i * 9) + 1)..]);
            if (behind > 0)
            {
                await connection.ExecuteAsync(
                    $"DELETE FROM {SchemaText.Physical(Removable[i], options.Cluster)} {OnCluster}WHERE lsn > {checkpoint.Value}", cancellationToken, ("lightweight_deletes_sync", "2"), ("mutations_sync", "2")).ConfigureAwait(false);
                Log.UnfinishedRemoved(logger, Removable[i], behind, checkpoint);
            }
        }
    }

    private async ValueTask ReadUnresolvedAsync(StoreSession session, CancellationToken cancellationToken)
    {
        using var answer = await connection.QueryAsync(
            "SELECT assumeNotNull(signature), lsn, slot FROM mev_opportunities WHERE signature IS NOT NULL AND transaction_lsn IS NULL ORDER BY lsn DESC LIMIT 100000", cancellationToken, Sql.Final).ConfigureAwait(false);
        for (var left = answer.Span; !left.IsEmpty; left = left[(Signature.Size + (2 * sizeof(ulong)))..])
        {
            RangeWriter.AddUnresolved(
                session,
                new Signature(left[..Signature.Size]),
                BinaryPrimitives.ReadUInt64LittleEndian(left[Signature.Size..]),
                BinaryPrimitives.ReadUInt64LittleEndian(left[(Signature.Size + sizeof(ulong))..]));
        }
    }
}
