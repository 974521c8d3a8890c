using Mev.Sdk.Storage.Journal;
using Microsoft.Extensions.Hosting;

namespace Mev.Sdk.Storage.Internal;

/// <summary>Introduces listeners, retention holds and journal at start: they may themselves need the journal, so neither can construct the other.</summary>
internal sealed class DurabilityListenerBinding(RecordJournal journal, IEnumerable<IDurabilityListener> listeners, IEnumerable<IRetentionHold> holds) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var listener in listeners)
        {
            journal.AddListener(listener);
        }

        foreach (var hold in holds)
        {
            journal.AddRetentionHold(hold);
        }

        journal.StartRetention();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
