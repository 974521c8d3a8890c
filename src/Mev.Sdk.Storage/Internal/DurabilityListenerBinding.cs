using Mev.Sdk.Storage.Journal;
using Microsoft.Extensions.Hosting;

namespace Mev.Sdk.Storage.Internal;

/// <summary>Introduces listeners and journal at start: a listener may itself need the journal, so neither can construct the other.</summary>
internal sealed class DurabilityListenerBinding(RecordJournal journal, IEnumerable<IDurabilityListener> listeners) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var listener in listeners)
        {
            journal.AddListener(listener);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
