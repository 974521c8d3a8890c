using System.Runtime.CompilerServices;
using Mev.Sdk.DashboardHost.Engine;
using Mev.Sdk.Models.Inference;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Wire;

namespace Mev.Sdk.DashboardHost.Training;

/// <summary>Shows the feature engine the end of the journal before the first live record, so that a restart does not begin with features that know no past.</summary>
/// <remarks>
/// Training replays the journal warm; a cold engine would score on other values than the model was fitted to. Features look back by slots, so the
/// latest records suffice but for those that remember without bound (a pool's last trade). A replay begins anew and is left cold.
/// </remarks>
internal sealed class FeatureWarmUp(HostSettings settings, ScoringSink scoring, RecordJournal journal, ILogger<FeatureWarmUp> logger) : IHostedService
{
    // About four minutes of market at 200 transactions a second, read in well under a second.
    private const ulong Records = 50_000;

    // Read before the first live record: all that is there is history.
    private readonly Lsn _last = journal.DurableLsn;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.Mode == DataMode.Replay || _last == Lsn.None)
        {
            return;
        }

        var shown = await ShowAsync(scoring, cancellationToken);
        logger.LogInformation("The feature engine knows the last {Transactions} transactions of the journal", shown);
    }

    /// <summary>Shows another sink what the live one was shown; nothing when that was nothing.</summary>
    public async Task<long> ShowAsync(ScoringSink sink, CancellationToken cancellationToken)
    {
        if (settings.Mode == DataMode.Replay || _last == Lsn.None)
        {
            return 0;
        }

        var from = _last.Counter > Records ? Lsn.Create(_last.LogId, _last.Counter - Records) : Lsn.None;
        return await sink.WarmUpAsync(HistoryAsync(from, cancellationToken), cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async IAsyncEnumerable<RecordBatch> HistoryAsync(Lsn from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var batch in journal.ReadAsync(from, follow: false, cancellationToken))
        {
            if (batch.FirstLsn > _last)
            {
                batch.Release();
                yield break;
            }

            yield return batch;
        }
    }
}
