using System.Runtime.CompilerServices;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>Finds the sightings of a signature across objects, each record once: those of objects that overlap are put together record by record.</summary>
internal static class SetSearch
{
    public static async IAsyncEnumerable<ArchiveBatch> FindAsync(
        OpenObjects open, IReadOnlyList<ArchiveEntry> entries, Signature signature, ArchiveRange range, Action<ArchiveDamage>? onDamage, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wanted = entries.Where(entry => entry.LastLsn >= range.From && entry.FirstLsn.Value <= range.LastLsnValue).ToList();
        var overlapping = Overlapping(wanted);
        var held = new List<ArchiveBatch>();
        var end = Lsn.None;
        try
        {
            await foreach (var (entry, file) in open.OpenAllAsync(wanted, isWalk: true, onDamage, cancellationToken).ConfigureAwait(false))
            {
                if (held.Count > 0 && entry.FirstLsn > end)
                {
                    var merged = Merge(held);
                    var given = 0;
                    try
                    {
                        while (given < merged.Count)
                        {
                            yield return merged[given++];
                        }
                    }
                    finally
                    {
                        BatchAssembler.Release(merged, given);
                    }
                }

                end = entry.LastLsn > end ? entry.LastLsn : end;
                if (!range.HoldsSlots(file.Directory.FirstSlot, file.Directory.LastSlot))
                {
                    continue;
                }

                var isAlone = !overlapping.Contains(entry);
                await foreach (var batch in ObjectSearch.FindAsync(file, signature, range, onDamage, cancellationToken).ConfigureAwait(false))
                {
                    if (isAlone)
                    {
                        yield return batch;
                    }
                    else
                    {
                        held.Add(batch);
                    }
                }
            }

            var last = Merge(held);
            var lastGiven = 0;
            try
            {
                while (lastGiven < last.Count)
                {
                    yield return last[lastGiven++];
                }
            }
            finally
            {
                BatchAssembler.Release(last, lastGiven);
            }
        }
        finally
        {
            BatchAssembler.Release(held, 0);
        }
    }

    private static HashSet<ArchiveEntry> Overlapping(List<ArchiveEntry> entries)
    {
        var found = new HashSet<ArchiveEntry>();
        for (var (i, furthest) = (1, 0); i < entries.Count; i++)
        {
            if (entries[i].FirstLsn <= entries[furthest].LastLsn)
            {
                found.Add(entries[furthest]);
                found.Add(entries[i]);
            }

            furthest = entries[i].LastLsn > entries[furthest].LastLsn ? i : furthest;
        }

        return found;
    }

    // Gives the batches' memory back; they are few: the sightings of one signature.
    private static List<ArchiveBatch> Merge(List<ArchiveBatch> batches)
    {
        var records = new SortedDictionary<ulong, (uint Source, ulong Session, byte[] Frame, byte[] Residual)>();
        foreach (var batch in batches)
        {
            var index = 0;
            foreach (var record in batch.Records)
            {
                records.TryAdd(record.Lsn.Value, (batch.Records.First.SourceId, batch.Records.First.SessionId, record.Frame.ToArray(), batch.GetResidual(index++).ToArray()));
            }
        }

        BatchAssembler.Release(batches, 0);
        batches.Clear();
        var assembler = new BatchAssembler(0);
        foreach (var (lsn, record) in records)
        {
            assembler.Add(lsn, record.Source, record.Session, record.Frame, record.Residual);
        }

        return assembler.Take();
    }
}
