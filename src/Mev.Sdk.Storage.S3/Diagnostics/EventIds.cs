namespace Mev.Sdk.Storage.S3;

/// <summary>Stable ids of this package's log messages; never reused.</summary>
internal static class EventIds
{
    public const int UploadNotAborted = 3301;
    public const int ConditionsNotEnforced = 3302;
}
