using System.Diagnostics;
using System.Globalization;
using Mev.Sdk.Benchmarks.Data;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Benchmarks.Areas.Storage;

/// <summary>Fills an empty database with transactions through our projection and, in turns, the same tables a second time through the driver's own bulk path.</summary>
/// <remarks>
/// Of the first million both sides take every batch, who starts alternates; of the rest only ours. Rates are of the wall clock and of all batches together, so that whatever a database does now and
/// then counts; making the batches does not. MEV_PROJECTED_TRANSACTIONS sets another number than five million, for a quick look; notes say how many there were.
/// </remarks>
internal sealed class ProjectionRace(ArchiveInput block)
{
    private const int SampleEvery = 97;

    private static readonly long Total =
        long.TryParse(Environment.GetEnvironmentVariable("MEV_PROJECTED_TRANSACTIONS"), CultureInfo.InvariantCulture, out var stated) ? Math.Max(stated, 100_000) : 5_000_000;

    // A million of five.
    private readonly long _part = Math.Min(1_000_000, Total / 2);

    /// <summary>Runs both sides.</summary>
    /// <param name="target">Ours, opened and empty.</param>
    /// <param name="peer">Stores the transactions of a batch durably, and nothing else of it.</param>
    /// <param name="afterFirst">Called when the first million is stored, with signatures from everywhere in it.</param>
    /// <returns>What was seen.</returns>
    public async Task<ProjectionFigures> RunAsync(IProjectionTarget target, Func<RecordBatch, Task> peer, Func<IReadOnlyList<Signature>, Task> afterFirst)
    {
        var (feed, peerFeed) = (new TransactionFeed(block, seed: 1), new TransactionFeed(block, seed: 2));
        var (signatures, parts, peerSeconds, peerRows) = (new List<Signature>(), new List<double>(), 0.0, 0L);

        // One batch each that does not count: code is compiled, files are made.
        await TimeAsync(feed, batch => target.ApplyAsync([batch], batch.LastLsn, CancellationToken.None).AsTask(), signatures).ConfigureAwait(false);
        await TimeAsync(peerFeed, peer, null).ConfigureAwait(false);
        var (rows, inPart, partSeconds, turn) = ((long)feed.PerBatch, 0L, 0.0, 0);
        while (rows < Total || inPart > 0)
        {
            var isFirst = parts.Count == 0;
            if (isFirst && turn % 2 == 1)
            {
                await RunPeerAsync().ConfigureAwait(false);
            }

            partSeconds += await TimeAsync(feed, batch => target.ApplyAsync([batch], batch.LastLsn, CancellationToken.None).AsTask(), isFirst ? signatures : null).ConfigureAwait(false);
            (rows, inPart) = (rows + feed.PerBatch, inPart + feed.PerBatch);
            if (isFirst && turn++ % 2 == 0)
            {
                await RunPeerAsync().ConfigureAwait(false);
            }

            if (inPart >= _part)
            {
                parts.Add(inPart / partSeconds);
                (inPart, partSeconds) = (0, 0);
                if (isFirst)
                {
                    await afterFirst(signatures).ConfigureAwait(false);
                }
            }
        }

        return new ProjectionFigures(rows, peerRows + peerFeed.PerBatch, feed.PerBatch, parts, peerRows / peerSeconds);

        async Task RunPeerAsync()
        {
            peerSeconds += await TimeAsync(peerFeed, peer, null).ConfigureAwait(false);
            peerRows += peerFeed.PerBatch;
        }
    }

    private static async Task<double> TimeAsync(TransactionFeed feed, Func<RecordBatch, Task> store, List<Signature>? signatures)
    {
        var batch = feed.Next();
        try
        {
            if (signatures is not null)
            {
                Sample(batch, signatures);
            }

            var started = Stopwatch.GetTimestamp();
            await store(batch).ConfigureAwait(false);
            return Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
        finally
        {
            batch.Release();
        }
    }

    private static void Sample(RecordBatch batch, List<Signature> signatures)
    {
        var index = 0;
        foreach (var record in batch)
        {
            if (index++ % SampleEvery == 0 && TransactionView.TryRead(in record, out var view))
            {
                signatures.Add(view.Record.Signature);
            }
        }
    }
}
