using Mev.Sdk.Records;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Options;

namespace Mev.Sdk.DashboardHost.Live;

/// <summary>What browsers are shown: counters, a window of seconds and the latest rows, all of fixed size.</summary>
/// <remarks>Registered by AddView: it may be slow, and then misses records, which the host counts. It copies the little it keeps, and is done with a batch before it returns. Thread-safe, with one writer at a time.</remarks>
internal sealed class LiveView : IRecordSink
{
    private const int WindowSeconds = 181;
    private const int RateSeconds = 5;
    private const int OpportunityRows = 100;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly SightingFilter _sightings = new(); // the writer's alone
    private readonly ThroughputWindow _window = new(WindowSeconds);
    private readonly FeedRing _feed;
    private readonly List<OpportunityEntry> _opportunities = new(OpportunityRows + 1);
    private readonly ScoreHistogram _scores = new();
    private long _transactions;
    private long _opportunityCount;
    private long _scored;
    private long _hits;
    private ulong _slot;
    private double _threshold = double.NaN;
    private Lsn _scoredUpTo;
    private double _lagMilliseconds = double.NaN;
    private DateTimeOffset? _lastRecordAt;

    public LiveView(TimeProvider time, IOptions<LiveOptions> options)
    {
        _time = time;
        _feed = new FeedRing(options.Value.FeedRows);
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        var now = _time.GetUtcNow();
        var timestamp = _time.GetTimestamp();
        var (transactions, swaps, opportunities) = (0, 0, 0);
        var fromSource = batch.First.SessionId != 0;
        ulong engineTime = 0;
        foreach (var record in batch)
        {
            var time = record.Header.EngineTimeNanoseconds;
            engineTime = Math.Max(engineTime, fromSource ? time : 0);
            if (record.Header.TemplateId != TemplateIds.Transaction)
            {
                opportunities += Add(in record, time, now);
            }
            else if (TransactionView.TryRead(in record, out var transaction))
            {
                var fresh = _sightings.TryAdd(in transaction.Record.Signature);
                transactions += fresh ? 1 : 0;
                swaps += fresh && transaction.Swaps.Length > 0 ? 1 : 0;

                // Taken apart outside the gate: how long that takes is the sender's choice, and readers wait for the gate.
                var entry = fresh ? FeedEntry.From(in transaction, time, now, timestamp) : default;
                lock (_gate)
                {
                    _slot = Math.Max(_slot, transaction.Record.Slot);
                    if (fresh)
                    {
                        _feed.Append(entry);
                    }
                }
            }
        }

        lock (_gate)
        {
            _transactions += transactions;
            _window.Add(now.ToUnixTimeSeconds(), transactions, swaps, opportunities);
            if (fromSource)
            {
                _lastRecordAt = now;
                _lagMilliseconds = engineTime == 0 ? double.NaN : Math.Max(0, (now - DateTimeOffset.UnixEpoch).TotalMilliseconds - (engineTime / 1e6));
            }
        }

        return ValueTask.CompletedTask;
    }

    public LiveCounters Read()
    {
        var now = _time.GetUtcNow();
        lock (_gate)
        {
            return new LiveCounters(
                now, _transactions, _opportunityCount, _scored, _hits, _slot,
                _window.RateAt(now.ToUnixTimeSeconds(), RateSeconds), _lagMilliseconds, _threshold, _lastRecordAt, _feed.Newest);
        }
    }

    /// <summary>Whether a transaction is among the latest rows.</summary>
    public bool Contains(in Signature signature)
    {
        lock (_gate)
        {
            for (var number = _feed.Newest; number >= _feed.Oldest; number--)
            {
                if (_feed.At(number).Signature == signature)
                {
                    return true;
                }
            }

            return false;
        }
    }

    public ChartPoint[] PointsAfter(long second)
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        lock (_gate)
        {
            return _window.PointsAfter(second, now);
        }
    }

    /// <summary>Opportunities of the list, oldest first.</summary>
    public OpportunityEntry[] Opportunities()
    {
        lock (_gate)
        {
            return [.. _opportunities];
        }
    }

    /// <summary>Scores given since the start, in equal bins from 0 to 1.</summary>
    public int[] ScoreBins()
    {
        lock (_gate)
        {
            return _scores.Read();
        }
    }

    /// <summary>Copies the entries behind <paramref name="after"/>, oldest first, up to the last whose score is known or no longer awaited.</summary>
    /// <param name="after">Number of the last entry already seen.</param>
    /// <param name="wait">How long a row may wait for its score; zero = not at all.</param>
    /// <param name="skipped">Entries that had left the ring before they were asked for.</param>
    public FeedEntry[] FeedAfter(long after, TimeSpan wait, out long skipped)
    {
        lock (_gate)
        {
            var from = Math.Max(after + 1, _feed.Oldest);
            skipped = from - (after + 1);
            var to = _feed.Newest;
            if (_threshold is not double.NaN && wait > TimeSpan.Zero)
            {
                while (to >= from && _feed.At(to).Lsn > _scoredUpTo && _time.GetElapsedTime(_feed.At(to).ReceivedTimestamp) < wait)
                {
                    to--;
                }
            }

            var entries = new FeedEntry[Math.Max(0, to - from + 1)];
            for (var i = 0; i < entries.Length; i++)
            {
                entries[i] = _feed.At(from + i);
            }

            return entries;
        }
    }

    /// <returns>Opportunities that it opens: none or one.</returns>
    private int Add(in RecordView record, ulong time, DateTimeOffset now)
    {
        switch (record.Header.TemplateId)
        {
            case TemplateIds.Opportunity when OpportunityView.TryRead(in record, out var opportunity):
                lock (_gate)
                {
                    Add(in opportunity.Record, time, now);
                }

                return 1;
            case TemplateIds.Outcome when OutcomeView.TryRead(in record, out var outcome):
                lock (_gate)
                {
                    Close(in outcome.Record);
                }

                break;
            case TemplateIds.Block when BlockView.TryRead(in record, out var block):
                lock (_gate)
                {
                    _slot = Math.Max(_slot, block.Record.Slot);
                }

                break;
            case TemplateIds.Prediction when PredictionView.TryRead(in record, out var prediction):
                lock (_gate)
                {
                    Score(in prediction);
                }

                break;
        }

        return 0;
    }

    private void Add(in OpportunityRecord record, ulong engineTime, DateTimeOffset now)
    {
        _opportunities.Add(new OpportunityEntry(
            ++_opportunityCount, record.OpportunityId, record.TriggerSignature, record.Pool, record.QuoteMint, record.Slot,
            engineTime == 0 ? now.ToUnixTimeMilliseconds() : (long)(engineTime / 1_000_000),
            record.Kind, record.Flags, record.ExpectedProfitLamports, record.ExpectedCostLamports, record.Confidence));
        if (_opportunities.Count > OpportunityRows)
        {
            _opportunities.RemoveAt(0);
        }
    }

    private void Close(in OutcomeRecord record)
    {
        for (var i = _opportunities.Count - 1; i >= 0; i--)
        {
            if (_opportunities[i].OpportunityId == record.OpportunityId)
            {
                _opportunities[i] = _opportunities[i] with
                {
                    Outcome = record.Status, ProfitLamports = record.ProfitLamports, PaidLamports = record.FeeLamports + record.TipLamports,
                };
                return;
            }
        }
    }

    private void Score(in PredictionView prediction)
    {
        _threshold = prediction.Record.Threshold;
        foreach (ref readonly var entry in prediction.Scores)
        {
            _scored++;
            _hits += entry.Score >= _threshold ? 1 : 0;
            _scores.Add(entry.Score);
            _feed.TrySetScore(new Lsn(entry.TransactionLsn), entry.Score);
            _scoredUpTo = new Lsn(Math.Max(_scoredUpTo.Value, entry.TransactionLsn));
        }
    }
}
