using System.Text;
using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Session;

/// <summary>
/// Gap records on their way into the log. What waits is one record a session, state and cause: an engine that skips every other record
/// makes the host write a share of what it sends, never more. Not thread-safe.
/// </summary>
internal sealed class GapJournal(IRecordAppender appender, TimeProvider time)
{
    // Written without regard to what was received: enough for a minute of ordinary trouble.
    private const long BurstBytes = 64 << 10;
    private const int BytesPerSecond = 16 << 10;
    private const int ReceivedPerWritten = 4;

    // Of gaps, and of ends. Sessions come and go with connections, so a peer cannot make many; this only says that nothing here grows without end.
    private const int MaxWaiting = 4096;

    private readonly OrderedDictionary<(uint Source, ulong Session, GapState State, GapCause Cause), CoverageGap> _waiting = [];
    private readonly OrderedDictionary<(uint Source, ulong Session), CoverageGap> _waitingEnds = [];
    private long _credit = BurstBytes;
    private long _endCredit = BurstBytes;
    private long _refilledAt = time.GetTimestamp();

    /// <summary>Records that wait.</summary>
    public int Count => _waiting.Count + _waitingEnds.Count;

    /// <summary>Records that found no room even to wait; a restart finds their gaps in the log's own ranges.</summary>
    public long Dropped { get; private set; }

    /// <summary>Has a gap written as it is now.</summary>
    /// <param name="sourceId">The source.</param>
    /// <param name="gap">The gap.</param>
    /// <param name="isAgain">It was written in this state before; now more is known of it.</param>
    public void Add(uint sourceId, CoverageGap gap, bool isAgain = false)
    {
        var key = (sourceId, gap.SessionId, gap.State, gap.Cause);
        if (_waiting.TryGetValue(key, out var waiting))
        {
            // The same once more, when more is known of it, is not two.
            var isSame = (waiting.FirstSequence, waiting.LastSequence) == (gap.FirstSequence, gap.LastSequence);
            _waiting[key] = isSame ? gap : isAgain ? waiting : SessionGaps.Merge(waiting, gap);
        }
        else if (_waiting.Count < MaxWaiting)
        {
            _waiting.Add(key, gap);
        }
        else
        {
            Dropped++;
        }
    }

    /// <summary>Has written what is known of a session's end; of several such records of a session the newest counts.</summary>
    public void AddEnd(uint sourceId, CoverageGap end)
    {
        if (_waitingEnds.ContainsKey((sourceId, end.SessionId)) || _waitingEnds.Count < MaxWaiting)
        {
            _waitingEnds[(sourceId, end.SessionId)] = end;
        }
        else
        {
            Dropped++;
        }
    }

    /// <summary>Bytes came from engines: some of them may be spent on writing gaps down.</summary>
    public void OnReceived(long bytes) => _credit = Math.Min(BurstBytes, _credit + (bytes / ReceivedPerWritten));

    /// <summary>Writes what may be written now.</summary>
    /// <returns>False when the log's lane had no room.</returns>
    public bool Write()
    {
        var elapsed = time.GetElapsedTime(_refilledAt);
        if (elapsed > TimeSpan.FromSeconds(1))
        {
            var refill = (long)(Math.Min(elapsed.TotalSeconds, 60) * BytesPerSecond);
            (_credit, _endCredit) = (Math.Min(BurstBytes, _credit + refill), Math.Min(BurstBytes, _endCredit + refill));
            _refilledAt = time.GetTimestamp();
        }

        // Behind the gaps, whatever was received and from a purse of their own: a restart cannot find the ends of sessions in the log's ranges, so a flood
        // of gaps must not hold them back; nor may an engine that starts again and again keep gaps out of the log.
        return WriteGaps() && WriteEnds();
    }

    private bool WriteEnds()
    {
        while (_waitingEnds.Count > 0)
        {
            var (key, end) = _waitingEnds.GetAt(0);
            var frame = ToFrame(key.Source, end);
            if (frame.Length > _endCredit)
            {
                return true;
            }

            if (!appender.TryAppend(frame))
            {
                return false;
            }

            _endCredit -= frame.Length;
            _waitingEnds.RemoveAt(0);
        }

        return true;
    }

    private bool WriteGaps()
    {
        while (_waiting.Count > 0)
        {
            var (key, gap) = _waiting.GetAt(0);
            var frame = ToFrame(key.Source, gap);
            if (frame.Length > _credit)
            {
                return true;
            }

            if (!appender.TryAppend(frame))
            {
                return false;
            }

            _credit -= frame.Length;
            _waiting.RemoveAt(0);
        }

        return true;
    }

    private static byte[] ToFrame(uint sourceId, CoverageGap gap)
    {
        var reason = Encoding.UTF8.GetBytes(gap.Reason);
        var frame = new byte[GapView.GetFrameLength(reason.Length)];
        var nanoseconds = (ulong)(gap.DetectedAt - DateTimeOffset.UnixEpoch).Ticks * 100;
        var record = new GapRecord
        {
            SessionId = gap.SessionId,
            FirstSequence = gap.FirstSequence,
            LastSequence = gap.LastSequence,
            DetectedNanoseconds = nanoseconds,
            SourceId = sourceId,
            State = gap.State,
            FirstSlot = gap.FirstSlot,
            LastSlot = gap.LastSlot,
            AfterLsn = gap.AfterLsn.Value,
            MissingRecords = gap.MissingRecords,
            Cause = gap.Cause,
        };
        GapView.Write(frame, nanoseconds, in record, reason);
        return frame;
    }
}
