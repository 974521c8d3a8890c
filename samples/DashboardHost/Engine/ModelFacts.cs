namespace Mev.Sdk.DashboardHost.Engine;

/// <summary>What the model is doing.</summary>
internal enum ModelPhase
{
    /// <summary>Nothing yet; the trainer starts soon.</summary>
    Waiting,

    /// <summary>Samples are collected or trees are grown.</summary>
    Training,

    /// <summary>It scores.</summary>
    Ready,

    /// <summary>Training is not possible on this machine; everything else works.</summary>
    Disabled,

    /// <summary>Training failed.</summary>
    Failed,
}

/// <summary>The model panel's content.</summary>
/// <param name="Revision">Counts up with every change.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Message">The state in a sentence.</param>
/// <param name="Since">When the state began.</param>
/// <param name="Version">The deployed model's version; empty without one.</param>
/// <param name="TrainedOn">On what it was trained, in words.</param>
/// <param name="Metrics">Figures of its evaluation, with what to compare them with.</param>
internal sealed record ModelFacts(
    int Revision, ModelPhase State, string Message, DateTimeOffset Since, string Version, string TrainedOn, IReadOnlyList<ModelMetric> Metrics);

/// <summary>A figure of an evaluation.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Formatted.</param>
/// <param name="Note">What it is compared with, or how it was got.</param>
internal sealed record ModelMetric(string Name, string Value, string Note);
