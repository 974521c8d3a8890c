using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Mev.Sdk.Storage.Archive;

namespace Mev.Sdk.Storage.Tiers;

/// <summary>The archive as the cold tier: says whether it holds all records of a range, having decoded and compared the objects that do.</summary>
/// <remarks>
/// <para>
/// Thread-safe; one object is verified at a time. An object that was found whole is not decoded again as long as this lives and the store gives it the same mark: the parts of a partition and its
/// neighbours ask for the same objects.
/// </para>
/// <para>
/// Objects follow one another without a missing LSN. Where some are missing, nobody can tell an object that was deleted from numbers that were never given to a record (a start after a crash leaves some
/// out; they are nearly always within an object): the range is then not held, unless <c>isHole</c> says that the stretch never had records.
/// </para>
/// </remarks>
/// <param name="archive">The objects; stays the caller's.</param>
/// <param name="isHole">Says of a stretch between two objects whether it never had a record; null = none is known to be so.</param>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore that nobody asks for its handle holds nothing.")]
public sealed class ArchiveColdTier(ArchiveSet archive, Func<ArchiveStretch, bool>? isHole = null) : IColdTier
{
    private readonly ConcurrentDictionary<ArchiveEntry, bool> _whole = new();
    private readonly SemaphoreSlim _verifying = new(1, 1);

    /// <summary>The objects.</summary>
    public ArchiveSet Archive => archive;

    /// <inheritdoc/>
    /// <exception cref="IOException">The store cannot be asked.</exception>
    public async ValueTask<string?> MissesAsync(Lsn first, Lsn last, CancellationToken cancellationToken)
    {
        var entries = await archive.RefreshAsync(cancellationToken).ConfigureAwait(false);
        foreach (var gone in _whole.Keys.Except(entries).ToList())
        {
            _whole.TryRemove(gone, out _);
        }

        if (GetGaps(first, last) is [var gap, ..])
        {
            return $"no object holds {gap}";
        }

        foreach (var entry in entries.Where(entry => entry.LastLsn >= first && entry.FirstLsn <= last))
        {
            if (await DamageOfAsync(entry, cancellationToken).ConfigureAwait(false) is { } damage)
            {
                return damage;
            }
        }

        return null;
    }

    /// <summary>What of a range is in none of the objects as they were listed last, and is not known to be a hole.</summary>
    /// <param name="first">First LSN.</param>
    /// <param name="last">Last LSN, included.</param>
    /// <returns>Ascending; empty when the objects' names cover all of it.</returns>
    public IReadOnlyList<ArchiveStretch> GetGaps(Lsn first, Lsn last)
    {
        var gaps = new List<ArchiveStretch>();
        var next = first;
        foreach (var entry in archive.Objects.Where(entry => entry.LastLsn >= first && entry.FirstLsn <= last).OrderBy(static entry => entry.FirstLsn))
        {
            Add(next, new Lsn(entry.FirstLsn.Value - 1));
            next = entry.LastLsn >= next ? entry.LastLsn.Add(1) : next;
        }

        Add(next, last);
        return gaps;

        void Add(Lsn from, Lsn to)
        {
            var gap = new ArchiveStretch(from, to);
            if (from <= to && isHole?.Invoke(gap) != true)
            {
                gaps.Add(gap);
            }
        }
    }

    private async ValueTask<string?> DamageOfAsync(ArchiveEntry entry, CancellationToken cancellationToken)
    {
        if (_whole.ContainsKey(entry))
        {
            return null;
        }

        await _verifying.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_whole.ContainsKey(entry))
            {
                return null;
            }

            var file = await archive.OpenAsync(entry, cancellationToken).ConfigureAwait(false);
            var report = await file.VerifyAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            if (report.Damages is [var damage, ..])
            {
                return damage.ToString();
            }

            _whole[entry] = true;
            return null;
        }
        catch (Exception e) when (e is InvalidDataException or BlobNotFoundException or ArchiveKeyException)
        {
            return e.Message;
        }
        finally
        {
            _verifying.Release();
        }
    }
}
