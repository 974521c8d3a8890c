using System.Net;
using System.Net.Sockets;
using Azure;

namespace Mev.Sdk.Storage.AzureBlobs;

/// <summary>A container and a prefix: makes full names, and something to read of what went wrong there.</summary>
internal sealed class AzurePlace(string container, string prefix, string account)
{
    public string Prefix => prefix;

    public string FullName(string name) => prefix + name;

    /// <summary>Whether an exception is of the server or of the way to it.</summary>
    public static bool IsFailure(Exception e, CancellationToken cancellationToken) =>
        e is RequestFailedException or HttpRequestException or SocketException or TimeoutException
        || (e is AggregateException many && many.InnerExceptions.All(inner => IsFailure(inner, cancellationToken)))
        || (e is IOException and not EndOfStreamException and not BlobNotFoundException and not BlobConditionFailedException)
        || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>Whether the server says that the blob is not there, its container being there.</summary>
    public static bool IsMissing(RequestFailedException e) => e.Status == (int)HttpStatusCode.NotFound && e.ErrorCode is not ("ContainerNotFound" or "ContainerBeingDeleted");

    /// <summary>Whether the server says that a condition does not hold, or that the blocks of a write went away since another was completed.</summary>
    public static bool IsRefused(RequestFailedException e) =>
        e.Status == (int)HttpStatusCode.PreconditionFailed || (e.Status == (int)HttpStatusCode.Conflict && e.ErrorCode == "BlobAlreadyExists") || IsOvertaken(e);

    /// <summary>Whether the blocks of a write went away, which happens when another write of the same blob is completed first.</summary>
    public static bool IsOvertaken(RequestFailedException e) => e.ErrorCode == "InvalidBlockList";

    public IOException Explain(string name, string what, Exception e) => new($"Blob '{name}' ({Where(name)}) cannot be {what}: {Reason(e)}", e);

    public IOException ExplainContainer(string what, Exception e) => new($"Container '{container}' (account '{account}') cannot be {what}: {Reason(e)}", e);

    public BlobNotFoundException NotFound(string name, Exception? e = null) => new(name, $"There is no blob '{name}' ({Where(name)}).", e);

    public BlobConditionFailedException ConditionFailed(string name, string why, Exception? e = null) => new(name, $"Blob '{name}' ({Where(name)}): {why}. Nothing was changed.", e);

    public EndOfStreamException TooShort(string name, long offset, int count, string why) => new($"Blob '{name}' ({Where(name)}) ends before {count} bytes from {offset} on: {why}.");

    private string Where(string name) => $"container '{container}', blob '{FullName(name)}', account '{account}'";

    // What the server says, its code, and what to look at; the SDK's own texts quote headers, which are nobody's business.
    private static string Reason(Exception e)
    {
        if (e is AggregateException { InnerExceptions.Count: > 0 } many)
        {
            return Reason(many.InnerExceptions[^1]);
        }

        if (e is not RequestFailedException told || told.Status == 0)
        {
            return $"{FirstLine(e.Message)}. Check the address in Mev:Storage:AzureBlobs:ConnectionString, and that the server runs.";
        }

        var remedy = told.ErrorCode switch
        {
            "ContainerNotFound" or "ContainerBeingDeleted" => "Make the container, or check Mev:Storage:AzureBlobs:Container",
            "InvalidBlockList" => "Another write of the same blob was completed meanwhile; write again",
            _ when told.Status is (int)HttpStatusCode.Forbidden or (int)HttpStatusCode.Unauthorized =>
                "Check the key in Mev:Storage:AzureBlobs:ConnectionString and its rights: read, write, delete and list",
            _ => "Try again later",
        };
        return $"{FirstLine(told.Message)} ({told.ErrorCode ?? "no code"}, status {told.Status}). {remedy}.";
    }

    private static string FirstLine(string message) => message.Split('\n', 2)[0].TrimEnd('\r', '.', ' ');
}
