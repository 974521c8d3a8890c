using System.Diagnostics.CodeAnalysis;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Journal;

/// <summary>Reads a journal that another process may be writing: no lock, no byte written; docs/journal-format.md, "Readers in other processes".</summary>
/// <remarks>
/// <para>It shows what was durable when it last looked: at opening, at <see cref="Refresh"/>, and while it follows. After a crash of the writer it shows the
/// durable prefix, without waiting for a recovery.</para>
/// <para>Thread-safe.</para>
/// </remarks>
public sealed class JournalReader : IRecordLog, IRecordCounter, IRecordLocator, IDisposable
{
    private readonly JournalFollower _follower;
    private readonly LogReader _reader;
    private readonly TimeProvider _time;
    private readonly TimeSpan _pollInterval;
    private readonly CancellationTokenSource _closed = new();

    private JournalReader(JournalFollower follower, LogReader reader, TimeSpan pollInterval, TimeProvider time)
    {
        _follower = follower;
        _reader = reader;
        _pollInterval = pollInterval;
        _time = time;
    }

    /// <summary>The folder.</summary>
    public string Directory => _follower.Directory;

    /// <summary>The number behind the last durable record seen; a reader hands out none.</summary>
    public Lsn NextLsn => DurableLsn == Lsn.None ? Lsn.None : DurableLsn.Add(1);

    /// <summary>The last durable record seen; <see cref="Lsn.None"/> when there is none.</summary>
    public Lsn DurableLsn => _follower.Index.DurableLsn;

    /// <inheritdoc/>
    public IReadOnlyList<StreamPosition> DurablePositions => _follower.Index.GetPositions();

    /// <inheritdoc/>
    public IReadOnlyList<SequenceRange> DurableRanges => _follower.Index.GetRanges();

    /// <inheritdoc/>
    public Lsn GetLastLsn(uint sourceId, ulong sessionId) => _follower.Index.GetLastLsn(sourceId, sessionId);

    /// <summary>What is held, as far as it was seen.</summary>
    public JournalStatistics Statistics => _follower.Index.Statistics;

    /// <summary>Opens a journal to read it.</summary>
    /// <param name="directory">The journal's folder; it may be empty yet.</param>
    /// <param name="keys">Keys of encrypted segments; none when null. It stays the caller's.</param>
    /// <param name="pollInterval">How long a following reader waits before it looks again, 1 ms to 1 min; 100 ms when null.</param>
    /// <param name="timeProvider">The clock of the waits; the system's when null.</param>
    /// <returns>The reader.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">The journal is damaged before its durable end; file and offset are named.</exception>
    /// <exception cref="JournalKeyException">A segment is encrypted and its key is not there.</exception>
    public static JournalReader Open(string directory, IKeyProvider? keys = null, TimeSpan? pollInterval = null, TimeProvider? timeProvider = null) =>
        Open(directory, keys, pollInterval, timeProvider, JournalDisk.System);

    internal static JournalReader Open(string directory, IKeyProvider? keys, TimeSpan? pollInterval, TimeProvider? timeProvider, JournalDisk disk)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        var poll = pollInterval ?? TimeSpan.FromMilliseconds(100);
        ArgumentOutOfRangeException.ThrowIfLessThan(poll, TimeSpan.FromMilliseconds(1), nameof(pollInterval));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(poll, TimeSpan.FromMinutes(1), nameof(pollInterval));
        var path = Path.GetFullPath(directory);
        var follower = new JournalFollower(disk, path, keys);
        try
        {
            follower.Refresh();
        }
        catch (DirectoryNotFoundException e)
        {
            throw new DirectoryNotFoundException(
                $"There is no journal in '{path}': the folder does not exist. Give the folder of the segments, which is 'journal' in the writer's data directory (Mev:Storage:DataDirectory) unless "
                + "Mev:Storage:Journal:Directory says otherwise, and start the writer first.",
                e);
        }

        return new JournalReader(follower, new LogReader(disk, path, keys, follower.Index), poll, timeProvider ?? TimeProvider.System);
    }

    /// <summary>Looks for what became durable since.</summary>
    /// <exception cref="InvalidDataException">The journal is damaged before its durable end; file and offset are named.</exception>
    /// <exception cref="JournalKeyException">A new segment is encrypted and its key is not there.</exception>
    public void Refresh() => _follower.Refresh();

    /// <inheritdoc/>
    public long CountAfter(Lsn lsn) => _follower.Index.CountAfter(lsn);

    /// <inheritdoc/>
    public bool TryFindSlot(ulong slot, out Lsn from) => _follower.Index.TryFindSlot(slot, out from);

    /// <inheritdoc/>
    public bool TryFindTime(ulong engineTimeNanoseconds, out Lsn from) => _follower.Index.TryFindTime(engineTimeNanoseconds, out from);

    /// <summary>Reads durable records in LSN order.</summary>
    /// <param name="from">First LSN wanted; <see cref="Lsn.None"/> = from the oldest. A number that was skipped means the next one.</param>
    /// <param name="follow">True: at the end look again and again, until the reader is disposed; false: end at what was durable when it last looked.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Batches of one block each, which own their memory; each must be released by the reader.</returns>
    /// <exception cref="InvalidDataException">A block is damaged; the message names file and offset.</exception>
    /// <exception cref="RecordsRemovedException">What is asked for was deleted, also while it was being read.</exception>
    public IAsyncEnumerable<RecordBatch> ReadAsync(Lsn from, bool follow, CancellationToken cancellationToken = default) =>
        ReadAsync(from, follow, TemplateSet.All, cancellationToken);

    /// <summary>Reads durable records in LSN order without the blocks that hold none of the wanted kinds.</summary>
    /// <param name="from">First LSN wanted; <see cref="Lsn.None"/> = from the oldest. A number that was skipped means the next one.</param>
    /// <param name="follow">True: at the end look again and again, until the reader is disposed; false: end at what was durable when it last looked.</param>
    /// <param name="templates">The wanted kinds. Other records of the same blocks come along.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Batches of one block each, which own their memory; each must be released by the reader.</returns>
    /// <exception cref="InvalidDataException">A block is damaged; the message names file and offset.</exception>
    /// <exception cref="RecordsRemovedException">What is asked for was deleted, also while it was being read.</exception>
    public IAsyncEnumerable<RecordBatch> ReadAsync(Lsn from, bool follow, TemplateSet templates, CancellationToken cancellationToken = default) =>
        _reader.ReadAsync(from, templates, follow ? () => PollAsync : null, cancellationToken);

    /// <summary>Ends the readers that follow.</summary>
    [SuppressMessage("Usage", "CA2213", Justification = "Readers may still wait with its token; a source that was cancelled holds nothing.")]
    public void Dispose() => _closed.Cancel();

    private async ValueTask<bool> PollAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed.Token);
        await Task.Delay(_pollInterval, _time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (_closed.IsCancellationRequested)
        {
            return false;
        }

        _follower.Refresh();
        return true;
    }
}
