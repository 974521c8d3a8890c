using System.Diagnostics.Metrics;

namespace Mev.Sdk.Storage.AzureBlobs;

/// <summary>Instruments of the meter <c>Mev.Sdk.Storage.AzureBlobs</c>.</summary>
internal static class AzureBlobMetrics
{
    public const string MeterName = "Mev.Sdk.Storage.AzureBlobs";
    private static readonly Meter Meter = new(MeterName, typeof(AzureBlobMetrics).Assembly.GetName().Version?.ToString());
    private static readonly Counter<long> Requests = Meter.CreateCounter<long>("mev.storage.azureblobs.requests", "{request}", "Requests to the server by operation, without the SDK's own retries.");
    private static readonly Counter<long> ReadBytes = Meter.CreateCounter<long>("mev.storage.azureblobs.read", "By", "Bytes of blobs read.");
    private static readonly Counter<long> WrittenBytes = Meter.CreateCounter<long>("mev.storage.azureblobs.written", "By", "Bytes of blobs sent.");

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
