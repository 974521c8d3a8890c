using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mev.Sdk.Storage.Journal;

/// <summary>The durable log of every record: compressed append-only segments; docs/journal-format.md.</summary>
/// <remarks>
/// <para><see cref="WriteAsync"/> copies a batch and returns; one writer thread compresses, writes and syncs groups, then wakes readers and
/// calls listeners. It is lossless: when the buffer is full it waits, and when the disk fails it refuses.</para>
/// <para>Thread-safe, except that <see cref="WriteAsync"/> has one caller at a time, as <see cref="IRecordSink"/> says.</para>
/// </remarks>
/// <example>
/// <code>
/// await using var journal = RecordJournal.Open(new JournalOptions { Directory = "data/journal" });
/// await journal.WriteAsync(batch);
/// await journal.FlushAsync();
/// await foreach (var stored in journal.ReadAsync(Lsn.None, follow: false)) { stored.Release(); }
/// </code>
/// </example>
public sealed partial class RecordJournal : IRecordLog, IRecordCounter, IRecordLocator, IRecordSink, IAsyncDisposable, IDisposable
{
    private readonly JournalFolder _folder;
    private readonly JournalIndex _index;
    private readonly LogReader _reader;
    private readonly IDisposable? _owned;
    private readonly ILogger _logger;

    private RecordJournal(JournalFolder folder, JournalOptions options, TimeProvider time, ILogger logger, IDisposable? owned)
    {
        _folder = folder;
        _index = folder.Index;
        _owned = owned;
        _logger = logger;
        _time = time;
        _nextLsn = folder.NextLsn;
        _interval = options.Fsync == JournalFsync.EveryCommit ? TimeSpan.Zero : options.CommitInterval;
        _groupBytes = Math.Min(options.BlockBytes, options.BufferBytes);
        _maxBytes = options.Retention.MaxBytes ?? long.MaxValue;
        _maxAge = options.Retention.MaxAge ?? TimeSpan.MaxValue;
        _filling = new WriteBuffer(options.BufferBytes);
        _writing = new WriteBuffer(options.BufferBytes);
        _segments = new SegmentWriter(folder, options, time, this);
        _reader = new LogReader(folder.Disk, folder.Path, folder.Keys, folder.Index);
        _lastCommit = time.GetTimestamp();
    }

    /// <summary>The folder.</summary>
    public string Directory => _folder.Path;

    /// <inheritdoc/>
    public Lsn NextLsn
    {
        get
        {
            lock (_gate)
            {
                return _nextLsn;
            }
        }
    }

    /// <inheritdoc/>
    public Lsn DurableLsn => _index.DurableLsn;

    /// <inheritdoc/>
    public IReadOnlyList<StreamPosition> DurablePositions => _index.GetPositions();

    /// <inheritdoc/>
    public IReadOnlyList<SequenceRange> DurableRanges => _index.GetRanges();

    /// <inheritdoc/>
    public Lsn GetLastLsn(uint sourceId, ulong sessionId) => _index.GetLastLsn(sourceId, sessionId);

    /// <inheritdoc/>
    public long CountAfter(Lsn lsn) => _index.CountAfter(lsn);

    /// <summary>What is held, durable records only.</summary>
    public JournalStatistics Statistics => _index.Statistics;

    /// <summary>Why the journal takes no more records, or null while it does.</summary>
    public JournalFaultedException? Fault => Volatile.Read(ref _fault);

    /// <summary>Whether it takes records now.</summary>
    public JournalState State =>
        Fault is not null ? JournalState.Faulted : Volatile.Read(ref _stopping) ? JournalState.Closed : _diskFull ? JournalState.DiskFull : JournalState.Writing;

    /// <summary>Opens a journal for writing, and recovers it when the last writer did not end in order.</summary>
    /// <param name="options">Read once.</param>
    /// <param name="timeProvider">The clock; the system's when null.</param>
    /// <param name="logger">Where recoveries and faults are told; nowhere when null.</param>
    /// <param name="keys">Keys of encrypted segments; those of <see cref="JournalOptions.Encryption"/> when null. It stays the caller's.</param>
    /// <returns>The journal; dispose it to write out, seal and unlock it.</returns>
    /// <exception cref="ArgumentException">An option is out of range; the message names its key.</exception>
    /// <exception cref="IOException">The folder cannot be written, or another process writes this journal.</exception>
    /// <exception cref="InvalidDataException">The journal is damaged before its end; file and offset are named, nothing was changed.</exception>
    /// <exception cref="JournalKeyException">A segment is encrypted and its key is not there.</exception>
    /// <exception cref="InvalidOperationException">Encryption is required, and there is no current key.</exception>
    public static RecordJournal Open(JournalOptions options, TimeProvider? timeProvider = null, ILogger<RecordJournal>? logger = null, IKeyProvider? keys = null)
    {
        var journal = Prepare(options, timeProvider, logger, keys, JournalDisk.System);
        journal.StartRetention();
        journal.StartWriter();
        return journal;
    }

    /// <summary>Opens a journal without its writer's thread; retention waits for its holds.</summary>
    internal static RecordJournal Prepare(JournalOptions options, TimeProvider? timeProvider, ILogger? logger, IKeyProvider? keys, JournalDisk disk)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.Directory, "options.Directory");
        var problems = string.Join(' ', options.Validate());
        if (problems.Length > 0)
        {
            throw new ArgumentException(problems, nameof(options));
        }

        logger ??= NullLogger.Instance;
        var own = keys is null && options.Encryption.Keys.Count > 0 ? new ConfiguredKeyProvider(options.Encryption) : null;
        try
        {
            if (own is not null && own.CurrentKeyId == Guid.Empty)
            {
                Log.KeysUnused(logger, options.Directory);
            }

            return new RecordJournal(JournalFolder.Open(options, disk, keys ?? own, logger), options, timeProvider ?? TimeProvider.System, logger, own);
        }
        catch
        {
            own?.Dispose();
            throw;
        }
    }

    internal void StartWriter() => new Thread(RunWriter) { IsBackground = true, Name = "Mev.Sdk journal writer" }.Start();

    /// <summary>Adds somebody to be told after each commit.</summary>
    /// <param name="listener">Called on the writer's thread; adding it twice has no effect.</param>
    public void AddListener(IDurabilityListener listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        lock (_gate)
        {
            _listeners = _listeners.Contains(listener) ? _listeners : [.. _listeners, listener];
        }
    }

    /// <summary>Ends the telling.</summary>
    /// <param name="listener">A listener that was added; another one has no effect.</param>
    public void RemoveListener(IDurabilityListener listener)
    {
        lock (_gate)
        {
            _listeners = [.. _listeners.Where(l => l != listener)];
        }
    }

    /// <summary>Writes out what is buffered, seals the segment and gives the folder free. Readers that follow come to their end.</summary>
    /// <returns>Completes when the folder is free.</returns>
    public async ValueTask DisposeAsync()
    {
        RequestStop();
        await _writerDone.Task.ConfigureAwait(false);
        _folder.Dispose();
        _owned?.Dispose();
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose()
    {
        RequestStop();
        _writerDone.Task.GetAwaiter().GetResult();
        _folder.Dispose();
        _owned?.Dispose();
    }
}
