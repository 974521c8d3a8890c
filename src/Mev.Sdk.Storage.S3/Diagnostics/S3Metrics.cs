using System.Diagnostics.Metrics;

namespace Mev.Sdk.Storage.S3;

/// <summary>Instruments of the meter <c>Mev.Sdk.Storage.S3</c>.</summary>
internal static class S3Metrics
{
    public const string MeterName = "Mev.Sdk.Storage.S3";
    private static readonly Meter Meter = new(MeterName, typeof(S3Metrics).Assembly.GetName().Version?.ToString());
    private static readonly Counter<long> Requests = Meter.CreateCounter<long>("mev.storage.s3.requests", "{request}", "Requests to the server by operation, without the SDK's own retries.");
    private static readonly Counter<long> ReadBytes = Meter.CreateCounter<long>("mev.storage.s3.read", "By", "Bytes of blobs read.");
    private static readonly Counter<long> WrittenBytes = Meter.CreateCounter<long>("mev.storage.s3.written", "By", "Bytes of blobs sent.");

    public static void Request(string operation)
    {
        if (Requests.Enabled)
        {
            Requests.Add(1, new KeyValuePair<string, object?>("operation", operation));
        }
    }

    public static void Read(long bytes) => ReadBytes.Add(bytes);

    public static void Written(long bytes) => WrittenBytes.Add(bytes);
}
