using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Storage.S3;

/// <summary>An object that is sent in parts.</summary>
/// <remarks>Not thread-safe: one part is sent at a time.</remarks>
internal sealed class MultipartUpload(IAmazonS3 client, S3Place place, string key, ILogger logger)
{
    private static readonly TimeSpan AbortPatience = TimeSpan.FromSeconds(30);

    private readonly List<PartETag> _parts = [];
    private string? _id;

    public int Parts => _parts.Count;

    public async Task BeginAsync(string metadataKey, string metadataValue, CancellationToken cancellationToken)
    {
        S3Metrics.Request("create-upload");
        var request = new InitiateMultipartUploadRequest { BucketName = place.Bucket, Key = key };
        request.Metadata.Add(metadataKey, metadataValue);
        _id = (await client.InitiateMultipartUploadAsync(request, cancellationToken).ConfigureAwait(false)).UploadId;
    }

    public async Task SendAsync(byte[] buffer, int count, CancellationToken cancellationToken)
    {
        S3Metrics.Request("put-part");
        using var part = new MemoryStream(buffer, 0, count, writable: false);
        var number = _parts.Count + 1;
        var request = new UploadPartRequest { BucketName = place.Bucket, Key = key, UploadId = _id, PartNumber = number, PartSize = count, InputStream = part };
        var response = await client.UploadPartAsync(request, cancellationToken).ConfigureAwait(false);
        _parts.Add(new PartETag(number, response.ETag));
    }

    /// <summary>Puts the parts together if the condition holds, where the server looks at it.</summary>
    /// <returns>The tag of the object; not every server tells it.</returns>
    public async Task<string?> CompleteAsync(string? ifNoneMatch, string? ifMatch, CancellationToken cancellationToken)
    {
        S3Metrics.Request("complete-upload");
        var request = new CompleteMultipartUploadRequest
        {
            BucketName = place.Bucket,
            Key = key,
            UploadId = _id,
            PartETags = _parts,
            IfNoneMatch = ifNoneMatch,
            IfMatch = ifMatch,
        };
        var response = await client.CompleteMultipartUploadAsync(request, cancellationToken).ConfigureAwait(false);
        _id = null;
        return response.ETag;
    }

    /// <summary>Takes the parts back; also after the caller gave up, so that it has a time of its own.</summary>
    public async Task AbortAsync()
    {
        if (_id is null)
        {
            return;
        }

        try
        {
            S3Metrics.Request("abort-upload");
            using var patience = new CancellationTokenSource(AbortPatience);
            await client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = place.Bucket, Key = key, UploadId = _id }, patience.Token).ConfigureAwait(false);
        }
        catch (AmazonS3Exception e) when (S3Place.IsMissing(e))
        {
            // It was completed or aborted after all.
        }
        catch (Exception e) when (S3Place.IsFailure(e, CancellationToken.None))
        {
            Log.UploadNotAborted(logger, e, place.Bucket, key);
        }
    }
}
