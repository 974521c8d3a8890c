using System.Runtime.CompilerServices;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>Reads a range across objects. What is damaged in one is read from others that hold it too. One reading; not thread-safe.</summary>
/// <param name="open">The open objects.</param>
/// <param name="entries">All objects, in the order of LSNs.</param>
/// <param name="onDamage">Told once of each damage; an exception when null.</param>
internal sealed class SetScan(OpenObjects open, IReadOnlyList<ArchiveEntry> entries, Action<ArchiveDamage>? onDamage)
{
    private readonly HashSet<ArchiveDamage> _told = [];
    private readonly Queue<ArchiveDamage> _holes = new();

    public async IAsyncEnumerable<ArchiveBatch> ReadAsync(ArchiveRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var asked = range;
        var wanted = entries.Where(entry => entry.LastLsn >= asked.From && entry.FirstLsn.Value <= asked.LastLsnValue);
        await foreach (var (entry, file) in open.OpenAllAsync(wanted, isWalk: range.AsksForSlots, TellOrNull(), cancellationToken).ConfigureAwait(false))
        {
            if (entry.LastLsn < range.From || !range.HoldsSlots(file.Directory.FirstSlot, file.Directory.LastSlot))
            {
                continue;
            }

            await foreach (var batch in ReadAsync(entry, file, range, cancellationToken).ConfigureAwait(false))
            {
                range = range with { From = batch.Records.LastLsn.Add(1) };
                yield return batch;
            }
        }
    }

    // Blocks come in their order, and damage before what lies behind it: there its records belong.
    private async IAsyncEnumerable<ArchiveBatch> ReadAsync(ArchiveEntry entry, ObjectFile file, ArchiveRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Action<ArchiveDamage>? note = onDamage is null ? null : damage =>
        {
            Tell(damage);
            _holes.Enqueue(damage);
        };
        await using var batches = ObjectScan.ReadAsync(file, range, note, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            var held = await batches.MoveNextAsync().ConfigureAwait(false) ? batches.Current : null;
            var filled = new List<ArchiveBatch>();
            var given = 0;
            try
            {
                while (_holes.TryDequeue(out var hole))
                {
                    await FillAsync(entry, hole, range, filled, cancellationToken).ConfigureAwait(false);
                }

                while (given < filled.Count)
                {
                    yield return filled[given++];
                }

                if (held is null)
                {
                    yield break;
                }

                var next = held;
                held = null;
                yield return next;
            }
            finally
            {
                BatchAssembler.Release(filled, given);
                held?.Release();
            }
        }
    }

    // Each other object is asked once for what is still missing: the work is that of the objects, however many of them are damaged.
    private async ValueTask FillAsync(ArchiveEntry damaged, ArchiveDamage hole, ArchiveRange range, List<ArchiveBatch> filled, CancellationToken cancellationToken)
    {
        var missing = new List<(ulong First, ulong Last)>();
        Clip(missing, hole, range.From.Value, range.LastLsnValue);
        var start = filled.Count;
        foreach (var entry in entries)
        {
            if (entry != damaged
                && missing.Exists(part => part.First <= entry.LastLsn.Value && part.Last >= entry.FirstLsn.Value)
                && await open.TryOpenAsync(entry, isWalk: false, Tell, cancellationToken).ConfigureAwait(false) is { } file)
            {
                missing = await FillAsync(file, missing, range, filled, cancellationToken).ConfigureAwait(false);
            }
        }

        filled.Sort(start, filled.Count - start, Comparer<ArchiveBatch>.Create(static (a, b) => a.Records.FirstLsn.CompareTo(b.Records.FirstLsn)));
    }

    private async ValueTask<List<(ulong First, ulong Last)>> FillAsync(
        ObjectFile file, List<(ulong First, ulong Last)> missing, ArchiveRange range, List<ArchiveBatch> filled, CancellationToken cancellationToken)
    {
        var left = new List<(ulong First, ulong Last)>();
        foreach (var (first, last) in missing)
        {
            var (from, to) = (Math.Max(first, file.Directory.FirstLsn), Math.Min(last, file.Directory.LastLsn));
            if (from > to)
            {
                left.Add((first, last));
                continue;
            }

            if (first < from)
            {
                left.Add((first, from - 1));
            }

            if (to < last)
            {
                left.Add((to + 1, last));
            }

            void Note(ArchiveDamage damage)
            {
                Tell(damage);
                Clip(left, damage, from, to);
            }

            await foreach (var batch in ObjectScan.ReadAsync(file, range with { From = new Lsn(from), To = new Lsn(to) }, Note, cancellationToken).ConfigureAwait(false))
            {
                filled.Add(batch);
            }
        }

        return left;
    }

    private static void Clip(List<(ulong First, ulong Last)> parts, ArchiveDamage hole, ulong from, ulong to)
    {
        var (first, last) = (Math.Max(from, hole.FirstLsn.Value), Math.Min(to, hole.LastLsn.Value));
        if (hole.FirstLsn != Lsn.None && first <= last)
        {
            parts.Add((first, last));
        }
    }

    private Action<ArchiveDamage>? TellOrNull() => onDamage is null ? null : Tell;

    private void Tell(ArchiveDamage damage)
    {
        if (_told.Add(damage))
        {
            onDamage!(damage);
        }
    }
}
