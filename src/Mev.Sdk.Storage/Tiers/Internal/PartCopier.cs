using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Tiers.Internal;

/// <summary>Copies a table's rows of a partition into a new part and reads it back; docs/tiers.md, "The steps of a move".</summary>
internal sealed class PartCopier(ITierSource source, ITierTarget target, Throttle throttle, Func<string, HistoryTable, long, ValueTask> progress)
{
    private const int SignatureColumn = 2;

    // Signatures of late rows that are looked for in what is warm already: as many as fit into a moderate set.
    private const int LookUpRows = 1 << 20;

    /// <summary>Makes a part of all rows that the source has.</summary>
    /// <param name="table">The table.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="earlier">Parts of the table that stay: a transaction that is in one is a repeat and left out.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null when the source has no rows. A part without rows has no file.</returns>
    /// <exception cref="InvalidDataException">What was read back is not what was written.</exception>
    public async ValueTask<TierPart?> CopyAsync(HistoryTable table, TierPartition partition, IReadOnlyList<TierPart> earlier, CancellationToken cancellationToken)
    {
        var repeats = earlier.Count > 0 && ReferenceEquals(table, HistoryTables.Transactions)
            ? await FindRepeatsAsync(partition, earlier, cancellationToken).ConfigureAwait(false)
            : null;
        var (read, kept) = (new RowTally(table), new RowTally(table));
        var name = string.Create(CultureInfo.InvariantCulture, $"{partition}/{table.Name}/{Guid.NewGuid():N}");
        var bytes = await target.WriteAsync(table, partition, name, PassAsync(table, partition, read, kept, repeats, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (kept.Sum.Rows == 0)
        {
            await target.RemoveAsync(name, cancellationToken).ConfigureAwait(false);
            return read.Sum.Rows == 0 ? null : new TierPart(table.Name, name, default, 0, read.FirstLsn, read.LastLsn, read.Sum);
        }

        await VerifyAsync(table, partition, name, kept.Sum, cancellationToken).ConfigureAwait(false);
        return new TierPart(table.Name, name, kept.Sum, bytes, read.FirstLsn, read.LastLsn, read.Sum, kept.Bytes);
    }

    /// <summary>Whether the source still has a row that went into a part: deleting is all or nothing, so then it has not been done.</summary>
    public async ValueTask<bool> IsInSourceAsync(HistoryTable table, TierPartition partition, TierPart part, CancellationToken cancellationToken)
    {
        var lsns = new HashSet<ulong>();
        await foreach (var rows in source.ReadAsync(table, partition, cancellationToken).ConfigureAwait(false))
        {
            for (var reader = rows.Read(); reader.NextRow();)
            {
                lsns.Add(reader.ReadUInt64());
            }

            if (lsns.Count >= LookUpRows)
            {
                if (await ContainsAnyAsync(table, part, lsns, cancellationToken).ConfigureAwait(false))
                {
                    return true;
                }

                lsns.Clear();
            }
        }

        return lsns.Count > 0 && await ContainsAnyAsync(table, part, lsns, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<bool> ContainsAnyAsync(HistoryTable table, TierPart part, HashSet<ulong> lsns, CancellationToken cancellationToken)
    {
        if (part.Sum.Rows == 0)
        {
            // It was made of repeats alone: their LSNs are all that is known of them.
            return lsns.Any(lsn => lsn >= part.FirstLsn.Value && lsn <= part.LastLsn.Value);
        }

        await foreach (var rows in target.ReadAsync(table, part.Name, cancellationToken).ConfigureAwait(false))
        {
            for (var reader = rows.Read(); reader.NextRow();)
            {
                if (lsns.Contains(reader.ReadUInt64()))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private async IAsyncEnumerable<RowBuffer> PassAsync(
        HistoryTable table, TierPartition partition, RowTally read, RowTally kept, HashSet<Signature>? repeats, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var rest = new RowBuffer(table);
        await foreach (var rows in source.ReadAsync(table, partition, cancellationToken).ConfigureAwait(false))
        {
            read.Add(rows);
            var passed = rows;
            if (repeats is { Count: > 0 })
            {
                LeaveOut(rows, repeats, rest);
                passed = rest;
            }

            kept.Add(passed);
            if (passed.RowCount > 0)
            {
                yield return passed;
            }

            await progress("copy", table, rows.RowCount).ConfigureAwait(false);
            await throttle.PassAsync(rows.ByteCount, cancellationToken).ConfigureAwait(false);
        }
    }

    private static void LeaveOut(RowBuffer rows, HashSet<Signature> repeats, RowBuffer rest)
    {
        rest.Clear();
        for (var reader = rows.Read(); reader.NextRow();)
        {
            if (!repeats.Contains(SignatureOf(ref reader)))
            {
                rest.AddRow(reader.Row);
            }
        }
    }

    private async ValueTask<HashSet<Signature>> FindRepeatsAsync(TierPartition partition, IReadOnlyList<TierPart> earlier, CancellationToken cancellationToken)
    {
        var table = HistoryTables.Transactions;
        var repeats = new HashSet<Signature>();
        var wanted = new HashSet<Signature>();
        await foreach (var rows in source.ReadAsync(table, partition, cancellationToken).ConfigureAwait(false))
        {
            for (var reader = rows.Read(); reader.NextRow();)
            {
                wanted.Add(SignatureOf(ref reader));
            }

            if (wanted.Count >= LookUpRows)
            {
                await LookUpAsync(earlier, wanted, repeats, cancellationToken).ConfigureAwait(false);
                wanted.Clear();
            }
        }

        await LookUpAsync(earlier, wanted, repeats, cancellationToken).ConfigureAwait(false);
        return repeats;
    }

    private async ValueTask LookUpAsync(IReadOnlyList<TierPart> parts, HashSet<Signature> wanted, HashSet<Signature> found, CancellationToken cancellationToken)
    {
        foreach (var part in wanted.Count == 0 ? [] : parts.Where(static part => part.Sum.Rows > 0))
        {
            await foreach (var rows in target.ReadAsync(HistoryTables.Transactions, part.Name, cancellationToken).ConfigureAwait(false))
            {
                for (var reader = rows.Read(); reader.NextRow();)
                {
                    if (wanted.TryGetValue(SignatureOf(ref reader), out var signature))
                    {
                        found.Add(signature);
                    }
                }
            }
        }
    }

    private static Signature SignatureOf(ref RowReader reader)
    {
        while (reader.Column < SignatureColumn)
        {
            reader.Skip();
        }

        return MemoryMarshal.Read<Signature>(reader.ReadSignature());
    }

    private async ValueTask VerifyAsync(HistoryTable table, TierPartition partition, string name, RowSum expected, CancellationToken cancellationToken)
    {
        var found = default(RowSum);
        await foreach (var rows in target.ReadAsync(table, name, cancellationToken).ConfigureAwait(false))
        {
            found = found.Add(rows);
            await progress("verify", table, rows.RowCount).ConfigureAwait(false);
        }

        if (found != expected)
        {
            throw new InvalidDataException(
                $"Part '{name}' of {target.Name} ({table.Name}, {partition}) has {found} when it is read back, and {expected} were written: nothing was deleted. Look at the storage below {target.Name}.");
        }
    }
}
