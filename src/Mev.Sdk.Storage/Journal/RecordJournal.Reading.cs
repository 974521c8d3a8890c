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
    /// <exception cref="RecordsRemovedException">Retention has deleted what is asked for, also while it was being read.</exception>
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
    /// <exception cref="RecordsRemovedException">Retention has deleted what is asked for, also while it was being read.</exception>
    public IAsyncEnumerable<RecordBatch> ReadAsync(Lsn from, bool follow, TemplateSet templates, CancellationToken cancellationToken = default) =>
        _reader.ReadAsync(from, templates, follow ? WaitForMore : null, cancellationToken);

    /// <inheritdoc/>
    public bool TryFindSlot(ulong slot, out Lsn from) => _index.TryFindSlot(slot, out from);

    /// <inheritdoc/>
    public bool TryFindTime(ulong engineTimeNanoseconds, out Lsn from) => _index.TryFindTime(engineTimeNanoseconds, out from);

    private LogReader.WaitForMore WaitForMore()
    {
        var more = Volatile.Read(ref _moreDurable).Task;
        var noMore = Volatile.Read(ref _noMore);
        return async cancellationToken =>
        {
            if (noMore)
            {
                return Fault is { } fault ? throw fault : false;
            }

            await more.WaitAsync(cancellationToken).ConfigureAwait(false);
            return true;
        };
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
