using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mev.Sdk.Storage.S3;

/// <summary>Blobs as objects of an S3 bucket.</summary>
/// <remarks>
/// <para>Thread-safe; any number of stores and processes may use the bucket at once. Conditions are the server's own (If-None-Match, If-Match on writes).</para>
/// <para>
/// What fits into one part is one request. More goes in parts while the stream is read, and the condition is checked when the parts are put together. Not every server does that:
/// before the first such write the store tries it on a small object of its own, and where the server does not look, conditional writes are sent whole, from the stream where it can seek, else
/// by way of a temporary file.
/// </para>
/// <para>
/// A deletion with a condition looks first and sends the condition along; a server that does not know it on deletions (S3 itself does) leaves a moment in which another write would go with it.
/// </para>
/// </remarks>
public sealed partial class S3BlobStore : IBlobStore, IDisposable
{
    private readonly IAmazonS3 _client;
    private readonly bool _ownsClient;
    private readonly S3Place _place;
    private readonly int _partBytes;
    private readonly int _maxRetries;
    private readonly MultipartProbe _probe;
    private readonly ILogger _logger;
    private volatile bool _bucketSeen;

    // Tags are sent in quotes, as RFC 9110 has them, until a server turns out to compare them with the quotes (Ceph 16 does).
    private volatile bool _bareTags;

    /// <summary>Uses a bucket with a client of its own.</summary>
    /// <param name="options">Which bucket, and how; copied.</param>
    /// <param name="logger">Where it says what an operator should know.</param>
    /// <exception cref="ArgumentException">The options are wrong; the message lists what.</exception>
    public S3BlobStore(S3Options options, ILogger<S3BlobStore>? logger = null)
        : this(null, options, logger)
    {
    }

    /// <summary>Uses a bucket with a client that somebody else made and disposes.</summary>
    /// <param name="client">The client; address, region, keys, retries and time-out are its own, and those of the options are not looked at.</param>
    /// <param name="options">Bucket, prefix and size of parts; copied.</param>
    /// <param name="logger">Where it says what an operator should know.</param>
    /// <exception cref="ArgumentException">The options are wrong; the message lists what.</exception>
    public S3BlobStore(IAmazonS3? client, S3Options options, ILogger<S3BlobStore>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = options.Validate().ToList();
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', problems), nameof(options));
        }

        _ownsClient = client is null;
        _client = client ?? ClientFactory.Create(options);
        _partBytes = options.PartBytes;
        _maxRetries = options.MaxRetries;
        _logger = logger ?? NullLogger<S3BlobStore>.Instance;
        _place = new S3Place(options.Bucket, options.Prefix, _client.Config.ServiceURL is { Length: > 0 } url ? url : _client.Config.RegionEndpoint?.SystemName ?? "region of the environment");
        _probe = new MultipartProbe(_client, _place, _logger);
    }

    /// <summary>Most keys of a page of a listing; S3's own limit is the default.</summary>
    internal int PageKeys { get; init; } = 1000;

    /// <summary>Most parts of an object; S3's own limit is the default.</summary>
    internal int MostParts { get; init; } = 10_000;

    /// <inheritdoc/>
    public async ValueTask<BlobInfo?> GetInfoAsync(string name, CancellationToken cancellationToken = default)
    {
        BlobName.ThrowIfInvalid(name);
        try
        {
            return await HeadAsync(name, cancellationToken).ConfigureAwait(false) is { } head ? Info(name, head) : null;
        }
        catch (Exception e) when (S3Place.IsFailure(e, cancellationToken))
        {
            throw _place.Explain(name, "looked at", e);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellationToken = default)
    {
        BlobName.ThrowIfInvalidPrefix(prefix);
        return ListPagesAsync(prefix, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask ReadAsync(string name, long offset, Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        BlobName.ThrowIfInvalid(name);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (destination.IsEmpty)
        {
            return;
        }

        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await ReadOnceAsync(name, offset, destination, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (AmazonS3Exception e) when (S3Place.IsMissing(e) && !S3Place.IsBucketMissing(e))
            {
                throw _place.NotFound(name, e);
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                throw _place.TooShort(name, offset, destination.Length, "it has no more than that offset");
            }
            catch (Exception e) when (S3Place.IsFailure(e, cancellationToken))
            {
                // The SDK repeats requests, but not the reading of an answer that broke off.
                if (attempt >= _maxRetries || e is Amazon.Runtime.AmazonServiceException)
                {
                    throw _place.Explain(name, "read", e);
                }
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(string name, BlobCondition condition, CancellationToken cancellationToken = default)
    {
        BlobName.ThrowIfInvalid(name);
        if (condition.RequiresAbsence)
        {
            throw new ArgumentException("What is deleted is there: IfAbsent makes no sense here.", nameof(condition));
        }

        try
        {
            if (await HeadAsync(name, cancellationToken).ConfigureAwait(false) is not { } head)
            {
                return false;
            }

            if (condition.RequiredETag is { } wanted && Tag(head.ETag) != wanted)
            {
                throw _place.ConditionFailed(name, $"it has changed (tag {Tag(head.ETag)}, not {wanted})");
            }

            await RemoveAsync(name, condition, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (AmazonS3Exception e) when (S3Place.IsRefused(e))
        {
            throw _place.ConditionFailed(name, "it has changed", e);
        }
        catch (Exception e) when (S3Place.IsFailure(e, cancellationToken))
        {
            throw _place.Explain(name, "deleted", e);
        }
    }

    /// <summary>Disposes the client, where the store made it.</summary>
    public void Dispose()
    {
        if (_ownsClient)
        {
            _client.Dispose();
        }
    }

    private static string Tag(string etag) => etag.Trim('"');

    private string? Sent(string? tag) => tag is null || _bareTags ? tag : $"\"{tag}\"";

    private static BlobInfo Info(string name, GetObjectMetadataResponse head) => new(name, head.ContentLength, Tag(head.ETag), Utc(head.LastModified));

    // To the second: listings say more than looking at an object does, and one blob has one time.
    private static DateTimeOffset Utc(DateTime? time)
    {
        var utc = (time ?? DateTime.UnixEpoch).ToUniversalTime();
        return new DateTimeOffset(utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerSecond)));
    }

    private async ValueTask RemoveAsync(string name, BlobCondition condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            var bare = _bareTags;
            try
            {
                S3Metrics.Request("delete");
                var request = new DeleteObjectRequest { BucketName = _place.Bucket, Key = _place.Key(name), IfMatch = Sent(condition.RequiredETag) };
                await _client.DeleteObjectAsync(request, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (AmazonS3Exception e) when (!bare && condition.RequiredETag is not null && e.StatusCode == HttpStatusCode.PreconditionFailed)
            {
                // It had that tag a moment ago.
                _bareTags = true;
            }
        }
    }

    // Null when there is no such key.
    private async ValueTask<GetObjectMetadataResponse?> HeadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            S3Metrics.Request("head");
            var request = new GetObjectMetadataRequest { BucketName = _place.Bucket, Key = _place.Key(name) };
            var head = await _client.GetObjectMetadataAsync(request, cancellationToken).ConfigureAwait(false);
            _bucketSeen = true;
            return head;
        }
        catch (AmazonS3Exception e) when (S3Place.IsMissing(e))
        {
            await DemandBucketAsync(cancellationToken).ConfigureAwait(false);
            return null;
        }
    }

    // To HEAD a server answers without saying what is missing. "Not there" in a mistyped bucket would be a wrong answer, so that the bucket itself is looked at once.
    private async ValueTask DemandBucketAsync(CancellationToken cancellationToken)
    {
        if (!_bucketSeen)
        {
            S3Metrics.Request("list");
            await _client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = _place.Bucket, Prefix = _place.Prefix, MaxKeys = 1 }, cancellationToken).ConfigureAwait(false);
            _bucketSeen = true;
        }
    }

    private async ValueTask ReadOnceAsync(string name, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        S3Metrics.Request("get");
        var request = new GetObjectRequest
        {
            BucketName = _place.Bucket,
            Key = _place.Key(name),
            ByteRange = new ByteRange(offset, offset + destination.Length - 1),
        };
        using var response = await _client.GetObjectAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.HttpStatusCode != HttpStatusCode.PartialContent && offset > 0)
        {
            throw new IOException($"the server answers a request for a range with the whole object (status {(int)response.HttpStatusCode})");
        }

        if (response.ContentLength < destination.Length)
        {
            throw _place.TooShort(name, offset, destination.Length, $"{response.ContentLength} bytes were there");
        }

        try
        {
            await response.ResponseStream.ReadExactlyAsync(destination, cancellationToken).ConfigureAwait(false);
        }
        catch (EndOfStreamException e)
        {
            throw new IOException("the answer broke off", e);
        }

        S3Metrics.Read(destination.Length);
    }

    private async IAsyncEnumerable<BlobInfo> ListPagesAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = _place.Bucket, Prefix = _place.Prefix + prefix, MaxKeys = PageKeys };
        var last = "";
        do
        {
            var page = await ListPageAsync(request, cancellationToken).ConfigureAwait(false);
            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
            foreach (var entry in page.S3Objects ?? [])
            {
                // What else is in the bucket is not the store's.
                var name = entry.Key[_place.Prefix.Length..];
                if (!BlobName.IsValid(name))
                {
                    continue;
                }

                if (string.CompareOrdinal(name, last) <= 0)
                {
                    throw _place.ExplainBucket("listed", new IOException($"the server lists '{name}' behind '{last}', and S3 lists in order (its directory buckets do not, and cannot hold an archive)"));
                }

                last = name;
                yield return new BlobInfo(name, entry.Size ?? 0, Tag(entry.ETag), Utc(entry.LastModified));
            }
        }
        while (request.ContinuationToken is not null);
    }

    private async ValueTask<ListObjectsV2Response> ListPageAsync(ListObjectsV2Request request, CancellationToken cancellationToken)
    {
        try
        {
            S3Metrics.Request("list");
            var page = await _client.ListObjectsV2Async(request, cancellationToken).ConfigureAwait(false);
            _bucketSeen = true;
            return page;
        }
        catch (Exception e) when (S3Place.IsFailure(e, cancellationToken))
        {
            throw _place.ExplainBucket("listed", e);
        }
    }
}
