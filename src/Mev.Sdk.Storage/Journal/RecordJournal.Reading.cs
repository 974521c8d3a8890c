using System.Runtime.CompilerServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Journal;

public sealed partial class RecordJournal
{
    private TaskCompletionSource _moreDurable = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _noMore;

    /// <summary>Reads durable records in LSN order, also while they are being written.</summary>
    /// <param name="from">First LSN wanted; <see cref="Lsn.None"/> = from the oldest. A number that was skipped means the next one.</param>
    /// <param name="follow">True: at the end wait for more, until the journal is disposed; false: end at what is durable now.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Batches of one block each, which own their memory; each must be released by the reader.</returns>
    /// <exception cref="InvalidDataException">A block is damaged; the message names file and offset.</exception>
    /// <exception cref="JournalFaultedException">The reader follows, has had every durable record, and the journal takes no more.</exception>
    public IAsyncEnumerable<RecordBatch> ReadAsync(Lsn from, bool follow, CancellationToken cancellationToken = default) =>
        ReadAsync(from, follow, TemplateSet.All, cancellationToken);

    /// <summary>Reads durable records in LSN order without the blocks that hold none of the wanted kinds, which are not even looked at.</summary>
    /// <param name="from">First LSN wanted; <see cref="Lsn.None"/> = from the oldest. A number that was skipped means the next one.</param>
    /// <param name="follow">True: at the end wait for more, until the journal is disposed; false: end at what is durable now.</param>
    /// <param name="templates">The wanted kinds. Other records of the same blocks come along.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Batches of one block each, which own their memory; each must be released by the reader.</returns>
    /// <exception cref="InvalidDataException">A block is damaged; the message names file and offset.</exception>
    /// <exception cref="JournalFaultedException">The reader follows, has had every durable record, and the journal takes no more.</exception>
    public async IAsyncEnumerable<RecordBatch> ReadAsync(
        Lsn from,
        bool follow,
        TemplateSet templates,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        BlockReader? reader = null;
        var open = uint.MaxValue;
        var end = DurableLsn;
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var more = Volatile.Read(ref _moreDurable).Task;
                var noMore = Volatile.Read(ref _noMore);
                if (!_index.TryFind(ref from, templates, out var entry))
                {
                    if (!follow || noMore)
                    {
                        ThrowIfFaulted(follow);
                        yield break;
                    }

                    await more.WaitAsync(cancellationToken).ConfigureAwait(false);
                    continue;
                }

                if (!follow && entry.FirstLsn > end.Value)
                {
                    yield break;
                }

                if (entry.Segment != open)
                {
                    reader?.Dispose();
                    reader = new BlockReader(SegmentFiles.GetPath(Directory, entry.Segment));
                    open = entry.Segment;
                }

                var batch = reader!.Read(in entry, from);
                from = batch.LastLsn.Add(1);
                yield return batch;
            }
        }
        finally
        {
            reader?.Dispose();
        }
    }

    private void ThrowIfFaulted(bool follow)
    {
        if (follow && Fault is { } fault)
        {
            throw fault;
        }
    }

    private void WakeReaders(bool final)
    {
        if (final)
        {
            Volatile.Write(ref _noMore, true);
        }

        Interlocked.Exchange(ref _moreDurable, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }
}
