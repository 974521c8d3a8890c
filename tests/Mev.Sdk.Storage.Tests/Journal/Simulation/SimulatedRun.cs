using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Tests.Journal.Simulation;

/// <summary>One life of a journal over several losses of power, all of it decided by a seed: same seed, same run.</summary>
internal sealed class SimulatedRun : IDurabilityListener, IRetentionHold
{
    private const string Directory = "/journal";
    private const int WireBytes = 1500;
    private static readonly Dictionary<ulong, byte[]> Frames = [];
    private readonly Random _random;
    private readonly ManualTime _time = new();
    private readonly TestKeys? _keys;
    private readonly JournalOptions _options;

    // Every record that was ever given to the journal, and those of them that are known to be in it.
    private readonly SortedDictionary<ulong, StreamPosition> _given = [];
    private readonly SortedSet<ulong> _confirmed = [];
    private readonly HashSet<ulong> _lost = [];
    private readonly Dictionary<ulong, SortedSet<ulong>> _taken = [];
    private SimulatedDisk _disk = new();
    private Lsn _announced;

    public SimulatedRun(int seed)
    {
        _random = new Random(seed);
        _keys = Chance(0.5) ? TestKeys.With(1, 2) : null;
        _options = JournalHarness.Options(Directory, o =>
        {
            o.Fsync = Chance(0.5) ? JournalFsync.EveryCommit : JournalFsync.Interval;
            o.Compression = Chance(0.3) ? JournalCompression.Fast : JournalCompression.None;
            o.BlockBytes = 4 << 10 << _random.Next(3);
            o.Retention.MaxBytes = Chance(0.5) ? 128 << 10 : null;
        });
    }

    public Lsn NeededFrom { get; private set; }

    /// <summary>Losses of power that struck while the journal worked.</summary>
    public int Losses { get; private set; }

    public int Removed { get; private set; }

    public async Task RunAsync()
    {
        var lives = _random.Next(2, 5);
        for (var life = 0; life < lives; life++)
        {
            _disk.LosePowerAfter(Chance(0.15) ? int.MaxValue : _random.Next(1, Chance(0.3) ? 15 : 250));
            if (_keys is not null && Chance(0.3))
            {
                _keys.CurrentKeyId = TestKeys.Id(_random.Next(1, 3));
            }

            await LiveAsync();
            Losses += _disk.IsOff ? 1 : 0;
            _disk = _disk.Restart(_random);
        }

        var journal = RecordJournal.Prepare(_options, _time, null, _keys, _disk);
        await CheckAsync(journal);
        await CloseAsync(journal);
    }

    public void OnDurable(Lsn durable, ReadOnlySpan<StreamPosition> positions)
    {
        _announced = durable;
        foreach (var position in positions)
        {
            Assert.Contains(position.Sequence, _taken[position.SessionId]);
        }
    }

    private async Task LiveAsync()
    {
        RecordJournal journal;
        try
        {
            journal = RecordJournal.Prepare(_options, _time, null, _keys, _disk);
        }
        catch (PowerLostException)
        {
            return;
        }

        await CheckAsync(journal);
        journal.AddListener(this);
        journal.AddRetentionHold(this);
        journal.StartRetention();
        var waiting = 0;
        for (var action = _random.Next(120); action > 0 && !_disk.IsOff; action--)
        {
            waiting++;
            if (!await TryWriteAsync(journal))
            {
                break;
            }

            NeededFrom = Chance(0.2) && _announced != Lsn.None ? new Lsn(Math.Max(NeededFrom.Value, _announced.Value - (ulong)_random.Next(20))) : NeededFrom;
            _time.Advance(TimeSpan.FromMilliseconds(_random.Next(4)));
            if (Chance(0.1))
            {
                _ = journal.FlushAsync();
            }

            if (Chance(0.5) || waiting > 3)
            {
                journal.Step(wait: false);
                waiting = 0;
            }
        }

        Confirm(journal);
        Removed += journal.Statistics.RemovedSegments;
        if (Chance(0.3))
        {
            // The process just dies.
            _disk.LosePower();
        }

        await CloseAsync(journal);
        if (journal.Fault is { } fault)
        {
            Assert.IsType<PowerLostException>(fault.InnerException);
        }

        Confirm(journal);
    }

    private async Task<bool> TryWriteAsync(RecordJournal journal)
    {
        var session = (ulong)_random.Next(1, 3);
        if (!_taken.TryGetValue(session, out var taken))
        {
            _taken[session] = taken = [];
        }

        // Behind the last record, sometimes leaving a hole, sometimes healing one.
        var first = (taken.Count == 0 ? 0 : taken.Max) + 1 + (Chance(0.1) ? (ulong)_random.Next(1, 6) : 0);
        var count = _random.Next(1, 7);
        var hole = Chance(0.3) ? Enumerable.Range(1, (int)first).Select(static n => (ulong)n).FirstOrDefault(n => n < first && !taken.Contains(n)) : 0;
        if (hole != 0)
        {
            first = hole;
            count = Math.Min(count, Enumerable.Range(0, count).TakeWhile(i => !taken.Contains(first + (ulong)i)).Count());
        }

        var lsn = journal.NextLsn;
        Assert.True(_given.Count == 0 || lsn.Value > _given.Keys.Last(), $"LSN {lsn} was given before.");
        var frames = Enumerable.Range(0, count).Select(i => Frame(first + (ulong)i)).ToArray();
        for (var i = 0; i < count; i++)
        {
            _given[lsn.Value + (ulong)i] = new StreamPosition(7, session, first + (ulong)i);
            taken.Add(first + (ulong)i);
        }

        byte[] bytes = [.. frames.SelectMany(static f => f)];
        try
        {
            var write = journal.WriteAsync(RecordBatch.Borrow([bytes], count, new StreamPosition(7, session, first), lsn));
            Assert.True(write.IsCompleted, "The buffer is full, and the run is not the seed's alone any more.");
            await write;
            return true;
        }
        catch (JournalFaultedException)
        {
            // Refused before it was taken: nobody saw these numbers.
            for (var i = 0; i < count && journal.NextLsn == lsn; i++)
            {
                _given.Remove(lsn.Value + (ulong)i);
            }

            return false;
        }
    }

    // What was announced stays, whatever comes.
    private void Confirm(RecordJournal journal)
    {
        Assert.True(_announced <= journal.DurableLsn || _announced == Lsn.None);
        foreach (var lsn in _given.Keys.TakeWhile(lsn => lsn <= _announced.Value).Where(lsn => !_lost.Contains(lsn)))
        {
            _confirmed.Add(lsn);
        }
    }

    private async Task CheckAsync(RecordJournal journal)
    {
        var last = 0UL;
        var found = new SortedSet<ulong>();
        var once = new HashSet<StreamPosition>();
        await foreach (var batch in journal.ReadAsync(Lsn.None, follow: false))
        {
            var sequence = batch.First.Sequence;
            foreach (var record in batch)
            {
                var position = batch.First with { Sequence = sequence++ };
                Assert.True(record.Lsn.Value > last, $"LSN {record.Lsn} comes after {new Lsn(last)}.");
                last = record.Lsn.Value;
                Assert.True(_given.TryGetValue(last, out var given) && given == position, $"LSN {record.Lsn} holds {position}, given was {given}.");
                Assert.True(once.Add(position), $"{position} stands twice in the log.");
                Assert.True(record.Frame.SequenceEqual(Frame(position.Sequence)), $"{position} has another content.");
                found.Add(last);
            }

            batch.Release();
        }

        // Only what nobody needed may be gone, and only from the front.
        var oldest = found.Count > 0 ? found.Min : ulong.MaxValue;
        foreach (var lsn in _confirmed)
        {
            Assert.True(found.Contains(lsn) || (lsn < oldest && lsn < NeededFrom.Value && _options.Retention.MaxBytes is not null), $"LSN {new Lsn(lsn)} was announced and is lost.");
        }

        Assert.True(journal.NextLsn.Value > (_given.Count > 0 ? _given.Keys.Last() : 0), "LSNs would be given again.");
        foreach (var lsn in _given.Keys)
        {
            if (found.Contains(lsn))
            {
                _confirmed.Add(lsn);
            }
            else if (!_confirmed.Contains(lsn))
            {
                _lost.Add(lsn);
            }
        }

        // Sessions resume behind what is held or was held once; what was lost is sent again.
        _taken.Clear();
        foreach (var range in journal.DurableRanges)
        {
            if (!_taken.TryGetValue(range.SessionId, out var taken))
            {
                _taken[range.SessionId] = taken = [];
            }

            for (var n = range.First; n <= range.Last; n++)
            {
                taken.Add(n);
            }
        }

        var expected = _confirmed.Select(lsn => (_given[lsn].SessionId, _given[lsn].Sequence)).ToHashSet();
        Assert.True(expected.SetEquals(_taken.SelectMany(static t => t.Value.Select(n => (t.Key, n)))), "The ranges are not what the log holds or held.");
    }

    private static async Task CloseAsync(RecordJournal journal)
    {
        var closing = journal.DisposeAsync();
        while (journal.Step(wait: false))
        {
        }

        journal.Finish();
        await closing;
    }

    private bool Chance(double probability) => _random.NextDouble() < probability;

    private static byte[] Frame(ulong sequence)
    {
        if (!Frames.TryGetValue(sequence, out var frame))
        {
            frame = TestRecords.Transaction(sequence, 1000 + sequence / 100, WireBytes);
            FrameWriter.Stamp(frame, sequence, 5);
            Frames[sequence] = frame;
        }

        return frame;
    }
}
