using Mev.Sdk.DashboardHost.Engine;

namespace Mev.Sdk.DashboardHost.Training;

/// <summary>What the model panel shows; written by the trainer, read by everybody. Thread-safe.</summary>
internal sealed class ModelStatus(TimeProvider time)
{
    private volatile ModelFacts _facts = new(0, ModelPhase.Waiting, "A model is looked for once the first records have arrived.", time.GetUtcNow(), "", "", []);

    public ModelFacts Read() => _facts;

    public void Set(ModelPhase phase, string message)
    {
        var last = _facts;
        _facts = last with { Revision = last.Revision + 1, State = phase, Message = message, Since = phase == last.State ? last.Since : time.GetUtcNow() };
    }

    public void SetReady(string message, string version, string trainedOn, IReadOnlyList<ModelMetric> metrics)
    {
        var last = _facts;
        _facts = new ModelFacts(last.Revision + 1, ModelPhase.Ready, message, time.GetUtcNow(), version, trainedOn, metrics);
    }
}
