using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.ClickHouse.Internal;

internal sealed partial class RangeWriter
{
    private const int SignaturesAtOnce = 1000;
    private const int IdentitiesAtOnce = 5000;
    private const int MaxUnresolved = 100_000;
    private const ulong UnresolvedSlots = 10_000;
    private static readonly HistoryColumn Slot = HistoryTables.MevOpportunities["slot"];
    private static readonly string OpportunityColumns = Sql.Columns(HistoryTables.MevOpportunities);

    private async ValueTask StoreOpportunitiesAsync(CancellationToken cancellationToken)
    {
        if (rows.Opportunities.RowCount == 0)
        {
            return;
        }

        var observed = rows.Opportunities.RowCount > rows.ReportedOpportunities ? await GetObservedAsync(cancellationToken).ConfigureAwait(false) : new Dictionary<ObservedKey, List<ulong>>();
        var transactions = await FindTransactionsAsync(SignaturesOfOpportunities(), cancellationToken).ConfigureAwait(false);
        var buffer = new VersionBuffer();
        var merge = new OpportunityMerge();
        var memory = rows.Opportunities.Memory;
        for (var at = 0; at < memory.Length; at += merge.Length)
        {
            merge.Begin(memory[at..]);
            var slot = Number(Slot, merge);
            if (observed.Count > 0 && ObservedKey.TryMake(merge, out var key) && observed.TryGetValue(key, out var places) && places.Exists(place => Stages.AreNear(place, slot)))
            {
                continue;
            }

            if (!merge.IsNull(OpportunityMerge.Signature))
            {
                var signature = new Signature(merge.Value(OpportunityMerge.Signature));
                if (transactions.TryGetValue(signature, out var transaction) && Stages.AreNear(transaction.Slot, slot))
                {
                    merge.SetTransaction(transaction.Lsn);
                }
                else
                {
                    AddUnresolved(session, signature, Number(OpportunityMerge.Lsn, merge), slot);
                }
            }

            buffer.Add(merge.Pieces);
        }

        await InsertAsync(Into[HistoryTables.MevOpportunities], HistoryTables.MevOpportunities.Name, buffer.RowCount, buffer.Memory, counted: true, cancellationToken).ConfigureAwait(false);
        InsertedOpportunities = (ulong)buffer.RowCount;
        InsertedObservedOpportunities = (ulong)(buffer.RowCount - rows.ReportedOpportunities);
    }

    /// <summary>Remembers an opportunity until its transaction comes.</summary>
    public static void AddUnresolved(StoreSession session, Signature signature, ulong lsn, ulong slot)
    {
        if (session.Unresolved.Count >= MaxUnresolved)
        {
            // Those of long ago will not be resolved any more: only transactions near their slot are looked at.
            var stale = session.Unresolved.Where(pair => pair.Value.All(w => w.Slot + UnresolvedSlots < slot)).Select(static pair => pair.Key).ToList();
            stale.ForEach(key => session.Unresolved.Remove(key));
        }

        if (!session.Unresolved.TryGetValue(signature, out var list))
        {
            session.Unresolved[signature] = list = [];
        }

        list.Add((lsn, slot));
    }

    private async ValueTask<Dictionary<ObservedKey, List<ulong>>> GetObservedAsync(CancellationToken cancellationToken)
    {
        const int Observed = (int)OpportunityFlags.Observed;
        var keys = new Dictionary<ObservedKey, List<ulong>>();
        var merge = new OpportunityMerge();
        using var answer = await connection.QueryAsync(
            string.Create(CultureInfo.InvariantCulture, $"SELECT {OpportunityColumns} FROM mev_opportunities WHERE slot BETWEEN {rows.OpportunitySlots.First} AND {rows.OpportunitySlots.Last} AND bitAnd(flags, {Observed}) != 0 AND signature IS NOT NULL"),
            cancellationToken,
            Sql.Final).ConfigureAwait(false);
        for (var at = 0; at < answer.Length; at += merge.Length)
        {
            merge.Begin(answer.Memory[at..]);
            if (ObservedKey.TryMake(merge, out var key))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(keys, key, out _) ??= [];
                keys[key].Add(Number(Slot, merge));
            }
        }

        return keys;
    }

    private HashSet<Signature> SignaturesOfOpportunities()
    {
        var signatures = new HashSet<Signature>();
        var merge = new OpportunityMerge();
        var memory = rows.Opportunities.Memory;
        for (var at = 0; at < memory.Length; at += merge.Length)
        {
            merge.Begin(memory[at..]);
            if (!merge.IsNull(OpportunityMerge.Signature))
            {
                signatures.Add(new Signature(merge.Value(OpportunityMerge.Signature)));
            }
        }

        return signatures;
    }

    private async ValueTask<Dictionary<Signature, (ulong Lsn, ulong Slot)>> FindTransactionsAsync(HashSet<Signature> signatures, CancellationToken cancellationToken)
    {
        var found = new Dictionary<Signature, (ulong Lsn, ulong Slot)>();
        foreach (var chunk in signatures.Chunk(SignaturesAtOnce))
        {
            using var answer = await connection.QueryAsync(
                $"SELECT signature, lsn, slot FROM transactions WHERE {Sql.Within(rows.OpportunitySlots)} AND signature IN ({string.Join(", ", chunk.Select(Sql.Literal))})", cancellationToken, Sql.Final).ConfigureAwait(false);
            for (var left = answer.Span; !left.IsEmpty; left = left[(Signature.Size + (2 * sizeof(ulong)))..])
            {
                found[new Signature(left[..Signature.Size])] = (BinaryPrimitives.ReadUInt64LittleEndian(left[Signature.Size..]), BinaryPrimitives.ReadUInt64LittleEndian(left[(Signature.Size + sizeof(ulong))..]));
            }
        }

        return found;
    }

    // Outcomes of opportunities of earlier ranges, and transactions that came after the opportunity they open.
    private async ValueTask MergeOpportunitiesAsync(ReadOnlyMemory<byte>? newTransactions, CancellationToken cancellationToken)
    {
        var resolved = newTransactions is { } bytes ? Resolve(bytes) : [];
        var outcomes = ReadOutcomes();
        if (resolved.Count == 0 && outcomes.Count == 0)
        {
            return;
        }

        List<string> conditions = [.. Sql.In("lsn", resolved.Keys)];
        foreach (var chunk in outcomes.Keys.Chunk(IdentitiesAtOnce))
        {
            conditions.Add($"opportunity_id IN ({string.Join(", ", chunk.Select(static k => Sql.Number(k.Id)))}) AND (source_id, session_id, opportunity_id) IN ({string.Join(", ", chunk.Select(static k => $"({Sql.Number(k.Source)},{Sql.Number(k.Session)},{Sql.Number(k.Id)})"))})");
        }

        var buffer = new VersionBuffer();
        var done = new HashSet<ulong>();
        foreach (var condition in conditions)
        {
            using var answer = await connection.QueryAsync($"SELECT {OpportunityColumns} FROM mev_opportunities WHERE {condition}", cancellationToken, Sql.Final).ConfigureAwait(false);
            var merge = new OpportunityMerge();
            for (var at = 0; at < answer.Length; at += merge.Length)
            {
                merge.Begin(answer.Memory[at..]);
                var lsn = Number(OpportunityMerge.Lsn, merge);
                if (!done.Add(lsn))
                {
                    continue;
                }

                if (resolved.TryGetValue(lsn, out var transaction))
                {
                    merge.SetTransaction(transaction);
                }

                if (outcomes.TryGetValue(merge.Identity, out var outcome))
                {
                    SetOutcome(merge, outcome);
                }

                buffer.Add(merge.Pieces, checkpoint.Value);
            }
        }

        await InsertAsync(
            $"mev_opportunities ({OpportunityColumns}, {TableNames.Version})", HistoryTables.MevOpportunities.Name, buffer.RowCount, buffer.Memory, counted: false, cancellationToken, "+").ConfigureAwait(false);
    }

    // Opportunities whose transaction is among the new ones: transaction by opportunity.
    private Dictionary<ulong, ulong> Resolve(ReadOnlyMemory<byte> newTransactions)
    {
        var resolved = new Dictionary<ulong, ulong>();
        for (var reader = new RowReader(HistoryTables.Transactions, newTransactions.Span); reader.NextRow();)
        {
            var lsn = reader.ReadUInt64();
            reader.Skip();
            var signature = new Signature(reader.ReadSignature());
            if (!session.Unresolved.TryGetValue(signature, out var waiting))
            {
                continue;
            }

            var transactionSlot = reader.ReadUInt64();

            foreach (var (opportunity, slot) in waiting)
            {
                if (opportunity < rows.FirstLsn.Value && Stages.AreNear(slot, transactionSlot))
                {
                    resolved[opportunity] = lsn;
                }
            }

            waiting.RemoveAll(w => resolved.ContainsKey(w.Lsn));
            if (waiting.Count == 0)
            {
                session.Unresolved.Remove(signature);
            }
        }

        return resolved;
    }

    private Dictionary<(uint Source, ulong Session, ulong Id), ReadOnlyMemory<byte>> ReadOutcomes()
    {
        var outcomes = new Dictionary<(uint, ulong, ulong), ReadOnlyMemory<byte>>();
        var at = 0;
        for (var reader = rows.OutcomesToMerge.Read(); reader.NextRow();)
        {
            var length = reader.Row.Length;
            outcomes[(reader.ReadUInt32(), reader.ReadUInt64(), reader.ReadUInt64())] = rows.OutcomesToMerge.Memory.Slice(at, length);
            at += length;
        }

        return outcomes;
    }

    private static void SetOutcome(OpportunityMerge merge, ReadOnlyMemory<byte> outcome)
    {
        var reader = new RowReader(MergeTables.Outcomes, outcome.Span);
        reader.NextRow();
        reader.Skip();
        reader.Skip();
        reader.Skip();
        merge.SetOutcome(ref reader);
    }

    private static ulong Number(HistoryColumn column, OpportunityMerge merge) => BinaryPrimitives.ReadUInt64LittleEndian(merge.Value(column));
}
