using System.Diagnostics.Metrics;

namespace Mev.Sdk.Storage.ClickHouse;

/// <summary>Instruments of the meter <c>Mev.Sdk.Storage.ClickHouse</c>.</summary>
internal static class ClickHouseMetrics
{
    public const string MeterName = "Mev.Sdk.Storage.ClickHouse";
    private static readonly Meter Meter = new(MeterName, typeof(ClickHouseMetrics).Assembly.GetName().Version?.ToString());
    private static readonly Histogram<double> Duration = Meter.CreateHistogram("mev.storage.clickhouse.request.duration", "s", "Time of a request that succeeded.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30] });
    private static readonly Counter<long> Retries = Meter.CreateCounter<long>("mev.storage.clickhouse.retries", "{request}", "Requests that were sent again.");
    private static readonly Counter<long> ReadBytes = Meter.CreateCounter<long>("mev.storage.clickhouse.read", "By", "Bytes of answers.");
    private static readonly Counter<long> WrittenBytes = Meter.CreateCounter<long>("mev.storage.clickhouse.written", "By", "Bytes of rows sent, compressed where they are.");
    private static readonly Counter<long> Rows = Meter.CreateCounter<long>("mev.storage.clickhouse.rows", "{row}", "Rows sent, by table.");

    public static void Request(TimeSpan duration, long read)
    {
        Duration.Record(duration.TotalSeconds);
        ReadBytes.Add(read);
    }

    public static void Retried() => Retries.Add(1);

    public static void Inserted(string table, long rows, long bytes)
    {
        WrittenBytes.Add(bytes);
        if (Rows.Enabled)
        {
            Rows.Add(rows, new KeyValuePair<string, object?>("table", table));
        }
    }
}
