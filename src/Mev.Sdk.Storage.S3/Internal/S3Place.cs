using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;

namespace Mev.Sdk.Storage.S3;

/// <summary>A bucket and a prefix: makes keys of names, and something to read of what went wrong there.</summary>
internal sealed class S3Place(string bucket, string prefix, string server)
{
    public string Bucket => bucket;

    public string Prefix => prefix;

    public string Key(string name) => prefix + name;

    /// <summary>Whether an exception is of the server or of the way to it.</summary>
    public static bool IsFailure(Exception e, CancellationToken cancellationToken) =>
        e is AmazonClientException or AmazonServiceException or HttpRequestException or SocketException or TimeoutException
        || (e is IOException and not EndOfStreamException and not BlobNotFoundException and not BlobConditionFailedException)
        || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>Whether the server says that the key, or the bucket, is not there.</summary>
    public static bool IsMissing(AmazonS3Exception e) => e.StatusCode == HttpStatusCode.NotFound;

    public static bool IsBucketMissing(AmazonS3Exception e) => e.ErrorCode == "NoSuchBucket";

    /// <summary>Whether the server says that a condition does not hold, or that another write of the same key is under way.</summary>
    public static bool IsRefused(AmazonS3Exception e) => e.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict;

    public IOException Explain(string name, string what, Exception e) => new(
        $"Blob '{name}' (bucket '{bucket}', key '{Key(name)}', {server}) cannot be {what}: {Reason(e)}", e);

    public IOException ExplainBucket(string what, Exception e) => new($"Bucket '{bucket}' ({server}) cannot be {what}: {Reason(e)}", e);

    public BlobNotFoundException NotFound(string name, Exception? e = null) => new(name, $"There is no blob '{name}' (bucket '{bucket}', key '{Key(name)}', {server}).", e);

    public BlobConditionFailedException ConditionFailed(string name, string why, Exception? e = null) =>
        new(name, $"Blob '{name}' (bucket '{bucket}', key '{Key(name)}', {server}): {why}. Nothing was changed.", e);

    public EndOfStreamException TooShort(string name, long offset, int count, string why) =>
        new($"Blob '{name}' (bucket '{bucket}', key '{Key(name)}', {server}) ends before {count} bytes from {offset} on: {why}.");

    // What the server says, its code, and what to look at. The SDK's messages hold no secrets.
    private static string Reason(Exception e)
    {
        if (e is not AmazonServiceException told || told.StatusCode == default)
        {
            return $"{e.Message.TrimEnd('.')}. Check Mev:Storage:S3:ServiceUrl and Region, and that the server runs.";
        }

        var remedy = told.ErrorCode switch
        {
            "NoSuchBucket" => "Make the bucket, or check Mev:Storage:S3:Bucket",
            "InvalidAccessKeyId" or "SignatureDoesNotMatch" => "Check Mev:Storage:S3:AccessKeyId and SecretAccessKey",
            "AccessDenied" => "Give the key the right to list, read, write and delete there, or check Mev:Storage:S3:AccessKeyId",
            "AuthorizationHeaderMalformed" or "PermanentRedirect" or "IllegalLocationConstraintException" => "Check Mev:Storage:S3:Region",
            _ when told.StatusCode == HttpStatusCode.Forbidden => "Check Mev:Storage:S3:AccessKeyId and SecretAccessKey, and the key's rights",
            _ => "Try again later",
        };
        return $"{told.Message.TrimEnd('.')} ({told.ErrorCode}, status {(int)told.StatusCode}). {remedy}.";
    }
}
