using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Storage.S3;

/// <summary>Log messages of this package. A healthy system is silent.</summary>
internal static partial class Log
{
    [LoggerMessage(EventIds.UploadNotAborted, LogLevel.Warning,
        "The unfinished upload of '{Key}' to bucket '{Bucket}' could not be taken back; its parts cost space until a lifecycle rule of the bucket (AbortIncompleteMultipartUpload) removes them.")]
    public static partial void UploadNotAborted(ILogger logger, Exception exception, string bucket, string key);

    [LoggerMessage(EventIds.ConditionsNotEnforced, LogLevel.Information,
        "The server of bucket '{Bucket}' does not look at conditions when a multipart upload is completed: blobs that must not overwrite others are sent whole instead.")]
    public static partial void ConditionsNotEnforced(ILogger logger, string bucket);
}
