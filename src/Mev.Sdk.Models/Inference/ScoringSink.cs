using Mev.Sdk.Features;
using Mev.Sdk.Models.Diagnostics;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Models.Inference;

/// <summary>Computes the features of every record in LSN order and scores each first-sighted transaction.</summary>
/// <remarks>
/// <para>The scores of a batch go into the log as one <see cref="PredictionRecord"/> (more when a batch has over 65,535 of them). The sink never waits:
/// when the appender's lane is full the record is dropped and counted. Without a model it still observes, so that a model that comes later
/// starts on warm features.</para>
/// <para>A model is swapped between two batches, never within one. <see cref="Use"/> and the counters are thread-safe.</para>
/// </remarks>
public sealed class ScoringSink : IRecordSink
{
    // A group's dimension counts entries in 16 bits.
    private const int MaxScores = ushort.MaxValue;

    private readonly FeatureEngine _engine;
    private readonly IRecordAppender _appender;
    private readonly TimeProvider _time;
    private readonly IScoreObserver[] _observers;
    private readonly float[] _vector;
    private ScoreEntry[] _scores = new ScoreEntry[256];
    private byte[] _frame = new byte[8192];
    private volatile ScoringModel? _model;
    private long _scored;
    private long _observed;
    private long _dropped;

    /// <summary>Makes a sink without a model.</summary>
    /// <param name="engine">A feature engine of its own: nobody else may show it records.</param>
    /// <param name="appender">Where predictions go.</param>
    /// <param name="time">The clock that stamps predictions.</param>
    /// <param name="observers">Who hears of every score; null = nobody.</param>
    public ScoringSink(FeatureEngine engine, IRecordAppender appender, TimeProvider time, IEnumerable<IScoreObserver>? observers = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(appender);
        ArgumentNullException.ThrowIfNull(time);
        _engine = engine;
        _appender = appender;
        _time = time;
        _observers = [.. observers ?? []];
        _vector = new float[engine.Schema.Count];
    }

    /// <summary>What the vectors mean.</summary>
    public FeatureSchema Schema => _engine.Schema;

    /// <summary>The model in use; null = none yet.</summary>
    public ScoringModel? Model => _model;

    /// <summary>Transactions scored.</summary>
    public long Scored => Interlocked.Read(ref _scored);

    /// <summary>Transactions whose features were computed, with a model or without.</summary>
    public long Observed => Interlocked.Read(ref _observed);

    /// <summary>Scores that the appender's full lane did not take; observers heard of them all the same.</summary>
    public long DroppedScores => Interlocked.Read(ref _dropped);

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

    /// <inheritdoc/>
    public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
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
            if (model is not null && TransactionView.TryRead(in record, out var transaction))
            {
                if (count == MaxScores)
                {
                    Append(model, count);
                    count = 0;
                }

                Score(model, in transaction, count++);
            }
        }

        Interlocked.Add(ref _observed, observed);
        if (model is not null && count > 0)
        {
            Append(model, count);
        }

        return ValueTask.CompletedTask;
    }

    private void Score(ScoringModel model, in TransactionView transaction, int at)
    {
        if (at == _scores.Length)
        {
            Array.Resize(ref _scores, Math.Min(_scores.Length * 2, MaxScores));
        }

        var score = model.Predictor.Predict(_vector);

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
