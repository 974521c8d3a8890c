using System.Diagnostics.Metrics;

namespace Mev.Sdk.Features.Diagnostics;

/// <summary>The package's instruments.</summary>
internal static class FeaturesMetrics
{
    private static readonly Meter Meter = new("Mev.Sdk.Features", typeof(FeaturesMetrics).Assembly.GetName().Version?.ToString());

    public static readonly Counter<long> Found =
        Meter.CreateCounter<long>("mev.features.arbitrages", "{transaction}", "Arbitrages found in executed transactions.");

    // Its own instrument: a dropped record is lost, and whoever watches losses should not have to compute a difference.
    public static readonly Counter<long> Dropped =
        Meter.CreateCounter<long>("mev.features.arbitrages.dropped", "{record}", "Arbitrages found that the appender's full lane did not take.");
}
