using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Storage.S3;

/// <summary>Finds out whether a server looks at conditions when it puts parts together, by asking for what it must refuse.</summary>
/// <remarks>Thread-safe. A server that looks at them on single writes need not do so there: Ceph 16 does not. Asked once, and only when it matters.</remarks>
internal sealed class MultipartProbe(IAmazonS3 client, S3Place place, ILogger logger)
{
    private const string WrongTag = "\"00000000000000000000000000000000\"";

    private bool? _enforced;

    public async ValueTask<bool> IsEnforcedAsync(CancellationToken cancellationToken)
    {
        if (_enforced is null)
        {
            // Behind a dot, so that no blob has this name and no listing shows it; a key for each try, since several processes may try at once.
            var key = $"{place.Prefix}.probe-{Guid.NewGuid():N}";
            try
            {
                S3Metrics.Request("put");
                await client.PutObjectAsync(new PutObjectRequest { BucketName = place.Bucket, Key = key, ContentBody = "probe" }, cancellationToken).ConfigureAwait(false);
                _enforced = await RefusesAsync(key, "*", null, cancellationToken).ConfigureAwait(false)
                    && await RefusesAsync(key, null, WrongTag, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                await RemoveAsync(key).ConfigureAwait(false);
            }

            if (_enforced == false)
            {
                Log.ConditionsNotEnforced(logger, place.Bucket);
            }
        }

        return _enforced.Value;
    }

    private async ValueTask<bool> RefusesAsync(string key, string? ifNoneMatch, string? ifMatch, CancellationToken cancellationToken)
    {
        var upload = new MultipartUpload(client, place, key, logger);
        try
        {
            await upload.BeginAsync("mev-write", "probe", cancellationToken).ConfigureAwait(false);
            await upload.SendAsync([1], 1, cancellationToken).ConfigureAwait(false);
            await upload.CompleteAsync(ifNoneMatch, ifMatch, cancellationToken).ConfigureAwait(false);
            return false;
        }
        catch (AmazonS3Exception e) when (S3Place.IsRefused(e))
        {
            return true;
        }
        finally
        {
            await upload.AbortAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask RemoveAsync(string key)
    {
        try
        {
            S3Metrics.Request("delete");
            await client.DeleteObjectAsync(place.Bucket, key, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (S3Place.IsFailure(e, CancellationToken.None))
        {
            // A few bytes that no listing shows.
            Log.UploadNotAborted(logger, e, place.Bucket, key);
        }
    }
}
