using System.Diagnostics.Metrics;

namespace Mev.Sdk.Ingest.Solana.Diagnostics;

/// <summary>The package's instruments; tags hold configured names, method names and outcomes, so their values are few.</summary>
internal static class ChainMetrics
{
    public const string MeterName = "Mev.Sdk.Ingest.Solana";

    private static readonly Meter Meter = new(MeterName, typeof(ChainMetrics).Assembly.GetName().Version?.ToString());

    public static readonly Counter<long> Requests =
        Meter.CreateCounter<long>("mev.chain.requests", "{request}", "JSON-RPC requests by method and outcome, every attempt counted.");

    public static readonly Histogram<double> Latency = Meter.CreateHistogram(
        "mev.chain.request.duration",
        "s",
        "From a request's sending to its answer's last byte.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });

    public static readonly Counter<long> Blocks = Meter.CreateCounter<long>("mev.chain.blocks", "{block}", "Blocks delivered.");

    public static readonly Counter<long> Stages = Meter.CreateCounter<long>("mev.chain.stages", "{slot}", "Stages that slots reached, by stage.");

    public static readonly Counter<long> Duplicates =
        Meter.CreateCounter<long>("mev.chain.duplicates", "{record}", "Records dropped because they had been delivered before.");

    public static readonly Counter<long> Unreadable =
        Meter.CreateCounter<long>("mev.chain.unreadable", "{record}", "Transactions, blocks and messages that could not be read.");

    // Its own instrument: slots are what a person looks for; records in them are unknown.
    public static readonly Counter<long> MissingSlots =
        Meter.CreateCounter<long>("mev.chain.missing_slots", "{slot}", "Slots written to the gap ledger, by cause.");

    public static readonly Counter<long> FilledSlots =
        Meter.CreateCounter<long>("mev.chain.filled_slots", "{slot}", "Slots of gaps that were filled by RPC.");

    public static readonly Counter<long> LongTexts =
        Meter.CreateCounter<long>("mev.chain.long_texts", "{text}", "Versions of nodes that were cut, and addresses that were left out, because they are too long.");

    public static readonly Counter<long> Connections =
        Meter.CreateCounter<long>("mev.chain.connections", "{connection}", "Streams that ended, by why.");
}
