namespace Mev.Sdk.Storage.ClickHouse;

/// <summary>Stable ids of this package's log messages; never reused.</summary>
internal static class EventIds
{
    public const int RequestRetries = 3501;
    public const int UnfinishedRemoved = 3502;
}
