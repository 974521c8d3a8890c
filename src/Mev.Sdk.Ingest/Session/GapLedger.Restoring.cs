using System.Text;
using Mev.Sdk.Ingest.Diagnostics;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Session;

public sealed partial class GapLedger
{
    // The session of the newest end of each source that the journal told of: only the session that a source followed last can be asked for its end again.
    private readonly Dictionary<uint, ulong> _restoredEnds = [];
    private Task _restoring = Task.CompletedTask;
    private IRecordLog? _restored;

    /// <summary>Takes a gap that the journal remembers, in the order of the journal: a later record of a range says what became of it.</summary>
    /// <param name="record">Any record; others than gaps are ignored.</param>
    /// <returns>Whether it was a gap.</returns>
    public bool Restore(in RecordView record)
    {
        if (!GapView.TryRead(in record, out var view))
        {
            return false;
        }

        ref readonly var block = ref view.Record;
        if (block.LastSequence < block.FirstSequence)
        {
            // No gap, but the engine's word that there is none behind its last record.
            if (block.State == GapState.Healed && block.LastSequence == block.FirstSequence - 1)
            {
                lock (_gate)
                {
                    RestoreEnd(block.SourceId, block.SessionId, block.FirstSequence);
                }
            }

            return false;
        }

        var width = SessionGaps.Width(block.FirstSequence, block.LastSequence);

        // A damaged time must not make restoring fail: ticks of 100 ns fit any u64 of nanoseconds.
        var detected = DateTimeOffset.UnixEpoch.AddTicks((long)(block.DetectedNanoseconds / 100));
        var gap = new CoverageGap("", block.SessionId, block.FirstSequence, block.LastSequence, detected, block.State, Encoding.UTF8.GetString(view.Reason))
        {
            Cause = block.Cause,
            FirstSlot = block.FirstSlot,
            LastSlot = block.LastSlot,
            AfterLsn = new Lsn(block.AfterLsn),
            BeforeLsn = record.Lsn,
            MissingRecords = block.LastSequence == CoverageGap.UnknownEnd ? 0 : block.MissingRecords == 0 ? width : Math.Min(width, block.MissingRecords),
        };
        lock (_gate)
        {
            NoteEarlierLoss(gap);
            if (gap.IsOpenEnded)
            {
                PutEnd(SessionOf(block.SourceId, block.SessionId), gap);
                return true;
            }

            // A record that stands for several gaps says nothing about what lies between them.
            var isExact = gap.MissingRecords == width;
            Put(block.SourceId, gap, known => isExact || known.State == GapState.Open);
        }

        return true;
    }

    // A journal tells of every session that ever ended well; what is remembered of them must not grow with their number.
    private void RestoreEnd(uint sourceId, ulong sessionId, ulong next)
    {
        SessionOf(sourceId, sessionId).EndedAt = next;
        if (_restoredEnds.TryGetValue(sourceId, out var older) && older != sessionId && _sessions.TryGetValue((sourceId, older), out var session) && session.IsEmpty)
        {
            _sessions.Remove((sourceId, older));
        }

        _restoredEnds[sourceId] = sessionId;
    }

    /// <summary>
    /// Takes every gap that a log remembers and checks them against the ranges that the log holds: what it holds is healed, a hole that no record
    /// speaks of is a gap. Does so once; later calls return at once.
    /// </summary>
    /// <param name="log">The journal.</param>
    /// <param name="cancellationToken">Gives up; the next call begins anew.</param>
    /// <returns>Completes when the ledger knows what the log knows.</returns>
    public Task RestoreAsync(IRecordLog log, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(log);
        lock (_gate)
        {
            // One after the other: sources that share a ledger all ask at their start.
            var earlier = _restoring;
            return _restoring = Task.Run(() => RestoreBehindAsync(earlier, log, cancellationToken), cancellationToken);
        }
    }

    private async Task RestoreBehindAsync(Task earlier, IRecordLog log, CancellationToken cancellationToken)
    {
        await earlier.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (ReferenceEquals(_restored, log))
        {
            return;
        }

        var records = 0;
        try
        {
            await foreach (var batch in log.ReadAsync(Lsn.None, follow: false, TemplateSet.Of(TemplateIds.Gap), cancellationToken).ConfigureAwait(false))
            {
                records += Restore(batch);
            }
        }
        catch (InvalidDataException exception)
        {
            // Reasons are lost, holes are not: the ranges below come from the log's own structure.
            Log.GapsNotRestored(_logger, exception);
        }

        Reconcile(log.DurableRanges, log.DurableLsn);
        _restored = log;
        if (GapCount > 0)
        {
            Log.GapsRestored(_logger, GapCount, records, OpenCount);
        }

        WritePending();
    }

    private int Restore(RecordBatch batch)
    {
        var records = 0;
        try
        {
            foreach (var record in batch)
            {
                records += record.Header.TemplateId == TemplateIds.Gap && Restore(in record) ? 1 : 0;
            }
        }
        finally
        {
            batch.Release();
        }

        return records;
    }

    private void Reconcile(IReadOnlyList<SequenceRange> ranges, Lsn durable)
    {
        lock (_gate)
        {
            foreach (var group in ranges.Where(range => range.SourceId != 0).GroupBy(range => (range.SourceId, range.SessionId)))
            {
                var held = new SequenceSet();
                foreach (var range in group)
                {
                    held.Add(range.First, range.Last);
                }

                var session = SessionOf(group.Key.SourceId, group.Key.SessionId);
                MakeExact(session, held);
                if (session.Tail is { } tail && tail.FirstSequence <= held.Max)
                {
                    Return(group.Key.SourceId, group.Key.SessionId);
                }

                FindHoles(group.Key.SourceId, group.Key.SessionId, held, durable);
                if (session is { IsEmpty: true, EndedAt: 0 })
                {
                    // Nothing is missing of it: as if nobody had asked.
                    _sessions.Remove(group.Key);
                }
            }
        }
    }

    // Open gaps become what of them is really missing. One whose records all came, but whose "healed" did not get written, is healed. Final ones that
    // stand for several are taken apart where the log's ranges account for just as many.
    private void MakeExact(SessionGaps session, SequenceSet held)
    {
        var before = (session.Entries, session.OpenCount);
        var healed = new List<CoverageGap>();
        session.Reset(session.Gaps.SelectMany(gap =>
        {
            if (gap.State == GapState.Healed || (gap.State == GapState.Final && gap.IsExact))
            {
                return (IEnumerable<CoverageGap>)[gap];
            }

            CoverageGap[] missing = [.. held.Missing(gap.FirstSequence, gap.LastSequence).Select(part => gap with
            {
                FirstSequence = part.First, LastSequence = part.Last, MissingRecords = SessionGaps.Width(part.First, part.Last),
            })];
            if (gap.State == GapState.Final)
            {
                return missing.Aggregate(UInt128.Zero, static (sum, part) => sum + part.MissingRecords) == gap.MissingRecords ? missing : [gap];
            }

            if (missing.Length > 0)
            {
                return missing;
            }

            healed.Add(gap with { State = GapState.Healed });
            return [healed[^1]];
        }));
        Counted(session, before);
        foreach (var gap in healed)
        {
            _log.Resolved(gap);
            _journal?.Add(session.SourceId, gap);
        }
    }

    private void FindHoles(uint sourceId, ulong sessionId, SequenceSet held, Lsn durable)
    {
        foreach (var (first, last) in held.Missing(held.Ranges[0].First, held.Max).ToArray())
        {
            var gap = new CoverageGap("", sessionId, first, last, _time.GetUtcNow(), GapState.Open, "the journal lacks these records; found when the host started.")
            {
                Cause = GapCause.Skipped,
                MissingRecords = SessionGaps.Width(first, last),

                // A record behind the hole is in the log: wherever it stands, the hole's place in the stream is before the log's end.
                BeforeLsn = durable,
            };
            foreach (var part in Put(sourceId, gap, static known => known.State == GapState.Healed))
            {
                _log.Detected(part);
                _journal?.Add(sourceId, part);
            }
        }
    }
}
