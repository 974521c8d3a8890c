using System.Runtime.CompilerServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Journal;

/// <summary>Reads the blocks an index knows, and waits for more.</summary>
internal sealed class LogReader(JournalDisk disk, string directory, IKeyProvider? keys, JournalIndex index)
{
    /// <summary>Waits until the index may know more.</summary>
    /// <returns>False when it never will.</returns>
    public delegate ValueTask<bool> WaitForMore(CancellationToken cancellationToken);

    /// <param name="from">First LSN wanted.</param>
    /// <param name="templates">Kinds wanted.</param>
    /// <param name="getWait">
    /// Asked before the index is; null as a whole when the reader does not follow, and its answer waits for what becomes durable after it was given.
    /// </param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<RecordBatch> ReadAsync(
        Lsn from,
        TemplateSet templates,
        Func<WaitForMore>? getWait,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        BlockReader? reader = null;
        var open = uint.MaxValue;
        var end = index.DurableLsn;
        var isInside = from != Lsn.None;
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var wait = getWait?.Invoke();
                var wanted = from;
                var found = index.TryFind(ref from, templates, out var entry);
                ThrowIfRemoved(wanted, isInside);
                if (!found)
                {
                    if (wait is null || !await wait(cancellationToken).ConfigureAwait(false))
                    {
                        yield break;
                    }

                    continue;
                }

                if (getWait is null && entry.FirstLsn > end.Value)
                {
                    yield break;
                }

                if (entry.Segment != open)
                {
                    reader?.Dispose();
                    reader = null;
                    reader = Open(in entry, from, isInside);
                    if (reader is null)
                    {
                        continue;
                    }

                    open = entry.Segment;
                }

                var batch = reader!.Read(in entry, from);
                from = batch.LastLsn.Add(1);
                isInside = true;
                yield return batch;
            }
        }
        finally
        {
            reader?.Dispose();
        }
    }

    // Null when the file was deleted after the index was asked, and nothing that was wanted is missing by it.
    private BlockReader? Open(in BlockEntry entry, Lsn from, bool isInside)
    {
        try
        {
            return BlockReader.Open(disk, SegmentFiles.GetPath(directory, entry.Segment), entry.Segment, entry.LastLsn.LogId, keys);
        }
        catch (FileNotFoundException) when (!isInside && index.LastRemoved >= entry.LastLsn)
        {
            return null;
        }
        catch (FileNotFoundException e)
        {
            throw new RecordsRemovedException(from, entry.LastLsn, directory, e);
        }
    }

    private void ThrowIfRemoved(Lsn from, bool isInside)
    {
        if (isInside && from <= index.LastRemoved)
        {
            throw new RecordsRemovedException(from, index.LastRemoved, directory, null);
        }
    }
}
