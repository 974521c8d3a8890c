using Mev.Sdk.Features;
using Mev.Sdk.Features.Sets;
using Mev.Sdk.Ingest;
using Mev.Sdk.Models.Inference;
using Mev.Sdk.Models.Training;
using Mev.Sdk.Storage.Journal;
using Microsoft.Extensions.Options;

namespace Mev.Sdk.DashboardHost.Training;

/// <summary>Scores what this run received before it had a model, so that a short replay is not over before the model is there.</summary>
/// <remarks>
/// A second scoring sink reads the journal from this run's first record to the last one that every live sink had been shown when the model
/// was deployed; live scoring has everything behind that. The features are those the live engine computed: one code, warmed by the same history.
/// </remarks>
internal sealed class Backfill(
    ScoringSink live, RecordJournal journal, IngestMonitor monitor, IRecordAppender appender, IOptions<FeatureEngineOptions> features,
    IOptions<ModelTrainingOptions> training, FeatureWarmUp history, TimeProvider time)
{
    private readonly Lsn _first = journal.NextLsn;
    private ScoringModel? _model;
    private Lsn _last;

    /// <summary>Deploys a model for live scoring and remembers how far the stream had come without it.</summary>
    public void Deploy(ScoringModel model)
    {
        _model = model;
        _last = monitor.GetSnapshot().LastLsn;
        live.Use(model);
    }

    /// <summary>Scores the records before the deployment; returns at once when there are none.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (_model is null || _last < _first)
        {
            return;
        }

        while (journal.DurableLsn < _last)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
        }

        var sink = new ScoringSink(new FeatureEngine(features.Value), new Patient(appender), time, rows: new RowFilter(training.Value.Set));
        await history.ShowAsync(sink, cancellationToken);
        sink.Use(_model);
        await foreach (var batch in journal.ReadAsync(_first, follow: false, cancellationToken))
        {
            try
            {
                // A block of the journal may reach beyond the boundary: what live scoring has had is not scored again.
                if (batch.FirstLsn > _last)
                {
                    return;
                }

                await sink.WriteAsync(Until(batch, _last), cancellationToken);
            }
            finally
            {
                batch.Release();
            }
        }
    }

    private static Wire.RecordBatch Until(Wire.RecordBatch batch, Lsn last)
    {
        if (batch.LastLsn <= last)
        {
            return batch;
        }

        var chunks = new List<ReadOnlyMemory<byte>>();
        var left = (int)(last.Value - batch.FirstLsn.Value + 1);
        var count = left;
        foreach (var chunk in batch.Chunks)
        {
            var at = 0;
            for (; at < chunk.Length && left > 0; left--)
            {
                at += (int)System.Runtime.InteropServices.MemoryMarshal.Read<uint>(chunk.Span[at..]);
            }

            if (at > 0)
            {
                chunks.Add(chunk[..at]);
            }
        }

        return Wire.RecordBatch.Borrow([.. chunks], count, batch.First, batch.FirstLsn);
    }

    /// <summary>Waits for room in the lane instead of dropping: nobody waits for the backfill.</summary>
    private sealed class Patient(IRecordAppender appender) : IRecordAppender
    {
        private const int Tries = 2_000;

        public bool TryAppend(ReadOnlySpan<byte> frame)
        {
            for (var i = 0; i < Tries; i++)
            {
                if (appender.TryAppend(frame))
                {
                    return true;
                }

                Thread.Sleep(5);
            }

            return false;
        }
    }
}
