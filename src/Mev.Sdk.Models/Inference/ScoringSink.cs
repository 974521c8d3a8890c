using Mev.Sdk.Features;
using Mev.Sdk.Features.Sets;
using Mev.Sdk.Models.Diagnostics;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Models.Inference;

/// <summary>Computes the features of every record in LSN order and scores each first-sighted transaction that training would take as a row.</summary>
/// <remarks>
/// <para>The scores of a batch go into the log as one <see cref="PredictionRecord"/> (more when a batch has over 65,535 of them). The sink never waits:
/// when the appender's lane is full the record is dropped and counted. Without a model it still observes, so that a model that comes later
/// starts on warm features.</para>
/// <para>Votes are observed and not scored, unless the training takes them as rows: <see cref="RowFilter"/> decides both. A score that is not finite comes
/// of a broken model; it is counted (<see cref="FailedScores"/>), and neither the log nor an observer gets it.</para>
/// <para>Features remember; a host that restarts shows the sink its history first (<see cref="WarmUpAsync"/>).</para>
/// <para>A model is swapped between two batches, never within one. <see cref="Use"/> and the counters are thread-safe.</para>
/// </remarks>
public sealed class ScoringSink : IRecordSink
{
    // A group's dimension counts entries in 16 bits.
    private const int MaxScores = ushort.MaxValue;

    private const int Idle = 0;
    private const int WarmingUp = 1;
    private const int Live = 2;

    private readonly FeatureEngine _engine;
    private readonly IRecordAppender _appender;
    private readonly TimeProvider _time;
    private readonly RowFilter _rows;
    private readonly IScoreObserver[] _observers;
    private readonly float[] _vector;
    private ScoreEntry[] _scores = new ScoreEntry[256];
    private byte[] _frame = new byte[8192];
    private volatile ScoringModel? _model;
    private long _scored;
    private long _observed;
    private long _dropped;
    private long _failed;
    private int _state;

    /// <summary>Makes a sink without a model.</summary>
    /// <param name="engine">A feature engine of its own: nobody else may show it records.</param>
    /// <param name="appender">Where predictions go.</param>
    /// <param name="time">The clock that stamps predictions.</param>
    /// <param name="observers">Who hears of every score; null = nobody.</param>
    /// <param name="rows">What is scored: the filter of the training set that models are made from; default = everything but votes.</param>
    public ScoringSink(
        FeatureEngine engine, IRecordAppender appender, TimeProvider time, IEnumerable<IScoreObserver>? observers = null, RowFilter rows = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(appender);
        ArgumentNullException.ThrowIfNull(time);
        _engine = engine;
        _appender = appender;
        _time = time;
        _rows = rows;
        _observers = [.. observers ?? []];
        _vector = new float[engine.Schema.Count];
    }

    /// <summary>What the vectors mean.</summary>
    public FeatureSchema Schema => _engine.Schema;

    /// <summary>The model in use; null = none yet.</summary>
    public ScoringModel? Model => _model;

    /// <summary>Transactions scored.</summary>
    public long Scored => Interlocked.Read(ref _scored);

    /// <summary>Transactions of live batches whose features were computed: votes too, with a model or without.</summary>
    public long Observed => Interlocked.Read(ref _observed);

    /// <summary>Scores that the appender's full lane did not take; observers heard of them all the same.</summary>
    public long DroppedScores => Interlocked.Read(ref _dropped);

    /// <summary>Scores that were not finite numbers and were thrown away; above 0 the model is broken. Not in <see cref="Scored"/>.</summary>
    public long FailedScores => Interlocked.Read(ref _failed);

    /// <summary>Scores with this model from the next batch on.</summary>
    /// <param name="model">The model; null = stop scoring.</param>
    /// <exception cref="InvalidOperationException">The model was made for another feature schema; the message names both hashes.</exception>
    public void Use(ScoringModel? model)
    {
        if (model is not null)
        {
            _engine.Schema.ThrowIfDifferent(model.SchemaHash, $"Model '{model.Version}'");
        }

        _model = model;
    }

    /// <summary>Shows history to the feature engine, without scoring it and without writing anything: call it before the sources start.</summary>
    /// <param name="history">Records in LSN order that end before the first live record, such as <see cref="IRecordLog.ReadAsync(Lsn, bool, System.Threading.CancellationToken)"/> gives without following.
    /// From the log's first record on, as training replays it, vectors are bit-equal to those of a sink that saw it all live. Each batch is released.</param>
    /// <param name="cancellationToken">Ends the warm-up between two batches. What was shown stays: another call may go on behind it.</param>
    /// <returns>Transactions whose features were computed; they do not count as <see cref="Observed"/>.</returns>
    /// <remarks>A transaction in the history has had its first sighting: live sightings of it are not scored, as long as the engine's window of signatures
    /// (<see cref="FeatureEngineOptions.SightingWindow"/>) remembers it. May be called several times, one after the other, before the first live batch.</remarks>
    /// <exception cref="InvalidOperationException">A live batch came already, or another warm-up is under way; nothing was shown.</exception>
    public async Task<long> WarmUpAsync(IAsyncEnumerable<RecordBatch> history, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(history);
        var before = Interlocked.CompareExchange(ref _state, WarmingUp, Idle);
        if (before != Idle)
        {
            throw new InvalidOperationException(before == Live
                ? "The scoring sink has had its first live batch; history behind it would give features from the wrong order. Await WarmUpAsync before the sources start."
                : "The scoring sink is being warmed up already. Await that call before the next.");
        }

        try
        {
            var transactions = 0L;
            await foreach (var batch in history.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                try
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    transactions += Show(batch);
                }
                finally
                {
                    batch.Release();
                }
            }

            return transactions;
        }
        finally
        {
            Volatile.Write(ref _state, Idle);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A warm-up is under way: the sources were started before it was awaited.</exception>
    public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (Volatile.Read(ref _state) != Live && Interlocked.CompareExchange(ref _state, Live, Idle) == WarmingUp)
        {
            throw new InvalidOperationException("A live batch came while the scoring sink was being warmed up. Await WarmUpAsync before the sources start.");
        }

        var model = _model;
        var count = 0;
        var observed = 0;
        foreach (var record in batch)
        {
            if (!_engine.Observe(in record, _vector))
            {
                continue;
            }

            observed++;
            if (model is not null && TransactionView.TryRead(in record, out var transaction) && _rows.Includes(in transaction.Record))
            {
                if (count == MaxScores)
                {
                    Append(model, count);
                    count = 0;
                }

                count += TryScore(model, in transaction, count) ? 1 : 0;
            }
        }

        Interlocked.Add(ref _observed, observed);
        if (model is not null && count > 0)
        {
            Append(model, count);
        }

        return ValueTask.CompletedTask;
    }

    private int Show(RecordBatch batch)
    {
        var transactions = 0;
        foreach (var record in batch)
        {
            transactions += _engine.Observe(in record, _vector) ? 1 : 0;
        }

        return transactions;
    }

    private bool TryScore(ScoringModel model, in TransactionView transaction, int at)
    {
        var score = model.Predictor.Predict(_vector);
        if (!float.IsFinite(score))
        {
            Interlocked.Increment(ref _failed);
            ModelsMetrics.Failed.Add(1);
            return false;
        }

        if (at == _scores.Length)
        {
            Array.Resize(ref _scores, Math.Min(_scores.Length * 2, MaxScores));
        }

        // The threshold decides alone, without chance: what was chosen would have been chosen with certainty.
        _scores[at] = new ScoreEntry { TransactionLsn = transaction.Lsn.Value, Score = score, Propensity = 1 };
        Interlocked.Increment(ref _scored);
        if (_observers.Length > 0)
        {
            ref readonly var block = ref transaction.Record;
            var scored = new ScoredTransaction(transaction.Lsn, block.Signature, block.Slot, score, model.Threshold);
            foreach (var observer in _observers)
            {
                observer.OnScored(in scored);
            }
        }

        return true;
    }

    private void Append(ScoringModel model, int count)
    {
        var length = PredictionView.GetFrameLength(count, model.VersionUtf8.Length);
        if (_frame.Length < length)
        {
            _frame = new byte[length];
        }

        ModelsMetrics.Scored.Add(count);
        var now = _time.GetUtcNow();
        var record = new PredictionRecord
        {
            FeatureSchemaHash = model.SchemaHash,
            TimeNanoseconds = (ulong)(now - DateTimeOffset.UnixEpoch).Ticks * 100,
            Threshold = model.Threshold,
        };
        PredictionView.Write(_frame, engineTimeNanoseconds: 0, in record, _scores.AsSpan(0, count), model.VersionUtf8);
        if (!_appender.TryAppend(_frame.AsSpan(0, length)))
        {
            Interlocked.Add(ref _dropped, count);
            ModelsMetrics.Dropped.Add(count);
        }
    }
}
