using System.Collections.Concurrent;
using System.Text;
using Mev.Sdk.Ingest.Publishing;

namespace Mev.Sdk.Ingest.Tests.Support;

/// <summary>A publisher whose handlers remember what they were shown.</summary>
internal sealed class ControlledEngine : IAsyncDisposable
{
    private readonly EnginePublisher _publisher;

    public ControlledEngine(Func<ParameterUpdate, ParameterDecision>? decide = null, bool takesScores = true, bool takesParameters = true, Action<EnginePublisherOptions>? configure = null)
    {
        var options = new EnginePublisherOptions { EngineName = "controlled" };
        if (takesParameters)
        {
            options.OnParameterUpdate = update =>
            {
                Updates.Enqueue((update.UpdateId, update.Revision, Encoding.UTF8.GetString(update.Parameters.Span)));
                return decide?.Invoke(update) ?? ParameterDecision.Applied;
            };
        }

        if (takesScores)
        {
            options.OnScores = scores =>
            {
                foreach (ref readonly var score in scores.Scores)
                {
                    Scores.Enqueue((score.OpportunityId, Encoding.UTF8.GetString(scores.ModelVersion)));
                }
            };
        }

        configure?.Invoke(options);
        _publisher = EnginePublisher.Start(options);
    }

    public string Endpoint => $"tcp://{_publisher.LocalEndPoint}";

    public EnginePublisher Publisher => _publisher;

    public ConcurrentQueue<(Guid Id, ulong Revision, string Json)> Updates { get; } = new();

    public ConcurrentQueue<(ulong Opportunity, string Model)> Scores { get; } = new();

    public ValueTask DisposeAsync() => _publisher.DisposeAsync();
}
