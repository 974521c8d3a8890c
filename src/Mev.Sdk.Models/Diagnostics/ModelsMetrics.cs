using System.Diagnostics.Metrics;

namespace Mev.Sdk.Models.Diagnostics;

/// <summary>The package's instruments.</summary>
internal static class ModelsMetrics
{
    private static readonly Meter Meter = new("Mev.Sdk.Models", typeof(ModelsMetrics).Assembly.GetName().Version?.ToString());

    public static readonly Counter<long> Scored =
        Meter.CreateCounter<long>("mev.models.scored", "{transaction}", "Transactions scored.");

    // Its own instrument: a dropped score is lost to the log, and whoever watches losses should not have to compute a difference.
    public static readonly Counter<long> Dropped =
        Meter.CreateCounter<long>("mev.models.scores.dropped", "{score}", "Scores that the appender's full lane did not take.");

    public static readonly Counter<long> Failed =
        Meter.CreateCounter<long>("mev.models.scores.failed", "{score}", "Scores that were not finite numbers: the model is broken.");
}
