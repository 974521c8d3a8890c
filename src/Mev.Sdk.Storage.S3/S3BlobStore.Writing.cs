using System.Buffers;
using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace Mev.Sdk.Storage.S3;

// Writing: at once, or in parts.
public sealed partial class S3BlobStore
{
    // Tells this write from any other: a request that was repeated since its answer was lost is refused for what it did itself.
    private const string WriteIdKey = "mev-write";

    /// <inheritdoc/>
    public async ValueTask<BlobInfo> WriteAsync(string name, Stream content, BlobCondition condition, CancellationToken cancellationToken = default)
    {
        BlobName.ThrowIfInvalid(name);
        ArgumentNullException.ThrowIfNull(content);
        var write = new Write(name, condition, Guid.NewGuid().ToString("N"));
        var buffer = ArrayPool<byte>.Shared.Rent(_partBytes);
        try
        {
            var filled = await content.ReadAtLeastAsync(buffer.AsMemory(0, _partBytes), _partBytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            if (filled < _partBytes)
            {
                using var whole = new MemoryStream(buffer, 0, filled, writable: false);
                return await PutAsync(write, whole, cancellationToken).ConfigureAwait(false);
            }

            // Spares the sending where it is in vain; what counts is what the server says in the end.
            await DemandAsync(write, cancellationToken).ConfigureAwait(false);
            if (condition != BlobCondition.None && !await IsEnforcedAsync(write, cancellationToken).ConfigureAwait(false))
            {
                return await PutLongAsync(write, buffer.AsMemory(0, filled), content, cancellationToken).ConfigureAwait(false);
            }

            return await PutPartsAsync(write, buffer, content, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask DemandAsync(Write write, CancellationToken cancellationToken)
    {
        if (write.Condition == BlobCondition.None)
        {
            return;
        }

        var found = await GetInfoAsync(write.Name, cancellationToken).ConfigureAwait(false);
        if (write.Condition.RequiresAbsence ? found is not null : found?.ETag != write.Condition.RequiredETag)
        {
            throw Failed(write, found?.ETag);
        }
    }

    private async ValueTask<bool> IsEnforcedAsync(Write write, CancellationToken cancellationToken)
    {
        try
        {
            return await _probe.IsEnforcedAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (S3Place.IsFailure(e, cancellationToken))
        {
            throw _place.Explain(write.Name, "written", e);
        }
    }

    // One request with the condition in it. The stream seeks, so that the SDK can repeat it.
    private async ValueTask<BlobInfo> PutAsync(Write write, Stream whole, CancellationToken cancellationToken)
    {
        var (start, length) = (whole.Position, whole.Length - whole.Position);
        for (var attempt = 0; ; attempt++)
        {
            var bare = _bareTags;
            try
            {
                whole.Position = start;
                S3Metrics.Request("put");
                var request = new PutObjectRequest
                {
                    BucketName = _place.Bucket,
                    Key = _place.Key(write.Name),
                    InputStream = whole,
                    AutoCloseStream = false,
                    AutoResetStreamPosition = false,
                    IfNoneMatch = write.Condition.RequiresAbsence ? "*" : null,
                    IfMatch = Sent(write.Condition.RequiredETag),
                };
                request.Metadata.Add(WriteIdKey, write.Id);
                var response = await _client.PutObjectAsync(request, cancellationToken).ConfigureAwait(false);
                return await DescribeAsync(write, length, response.ETag, cancellationToken).ConfigureAwait(false);
            }
            catch (AmazonS3Exception e) when (IsConditions(write, e))
            {
                if (await JudgeAsync(write, length, e, bare, attempt < _maxRetries, cancellationToken).ConfigureAwait(false) is { } own)
                {
                    return own;
                }
            }
            catch (Exception e) when (S3Place.IsFailure(e, cancellationToken))
            {
                throw _place.Explain(write.Name, "written", e);
            }
        }
    }

    private async ValueTask<BlobInfo> PutLongAsync(Write write, ReadOnlyMemory<byte> start, Stream content, CancellationToken cancellationToken)
    {
        if (content.CanSeek && content.Position == start.Length)
        {
            content.Position = 0;
            return await PutAsync(write, content, cancellationToken).ConfigureAwait(false);
        }

        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var spool = new FileStream(Path.Combine(Path.GetTempPath(), $"mev-s3-{Guid.NewGuid():N}"), options);
        await using (spool.ConfigureAwait(false))
        {
            await spool.WriteAsync(start, cancellationToken).ConfigureAwait(false);
            await content.CopyToAsync(spool, cancellationToken).ConfigureAwait(false);
            await spool.FlushAsync(cancellationToken).ConfigureAwait(false);
            spool.Position = 0;
            return await PutAsync(write, spool, cancellationToken).ConfigureAwait(false);
        }
    }

    // While one part is sent the next is read.
    private async ValueTask<BlobInfo> PutPartsAsync(Write write, byte[] first, Stream content, CancellationToken cancellationToken)
    {
        var upload = new MultipartUpload(_client, _place, _place.Key(write.Name), _logger);
        var second = ArrayPool<byte>.Shared.Rent(_partBytes);
        Task sending = Task.CompletedTask;
        try
        {
            await ExplainedAsync(write, upload.BeginAsync(WriteIdKey, write.Id, cancellationToken), cancellationToken).ConfigureAwait(false);
            var (current, next) = (first, second);
            var (filled, length) = (_partBytes, 0L);
            while (filled > 0)
            {
                if (upload.Parts == MostParts)
                {
                    throw new IOException(
                        $"Blob '{write.Name}' has more than {MostParts} parts of {_partBytes} bytes, and S3 takes no more parts. Set Mev:Storage:S3:{nameof(S3Options.PartBytes)} higher.");
                }

                length += filled;
                sending = upload.SendAsync(current, filled, cancellationToken);
                (current, next) = (next, current);
                filled = filled < _partBytes
                    ? 0
                    : await content.ReadAtLeastAsync(current.AsMemory(0, _partBytes), _partBytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
                await ExplainedAsync(write, sending, cancellationToken).ConfigureAwait(false);
            }

            return await CompleteAsync(write, upload, length, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // The buffer goes back only when nobody sends from it any more.
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await upload.AbortAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(second);
        }
    }

    private async ValueTask<BlobInfo> CompleteAsync(Write write, MultipartUpload upload, long length, CancellationToken cancellationToken)
    {
        while (true)
        {
            var bare = _bareTags;
            try
            {
                var etag = await upload.CompleteAsync(write.Condition.RequiresAbsence ? "*" : null, Sent(write.Condition.RequiredETag), cancellationToken).ConfigureAwait(false);
                return await DescribeAsync(write, length, etag, cancellationToken).ConfigureAwait(false);
            }
            catch (AmazonS3Exception e) when (IsConditions(write, e) || S3Place.IsMissing(e))
            {
                // Parts are gone after a conflict, and not sent again: the caller decides.
                if (await JudgeAsync(write, length, e, bare, again: false, cancellationToken).ConfigureAwait(false) is { } own)
                {
                    return own;
                }
            }
            catch (Exception e) when (S3Place.IsFailure(e, cancellationToken))
            {
                throw _place.Explain(write.Name, "written", e);
            }
        }
    }

    private async ValueTask ExplainedAsync(Write write, Task task, CancellationToken cancellationToken)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (Exception e) when (S3Place.IsFailure(e, cancellationToken))
        {
            throw _place.Explain(write.Name, "written", e);
        }
    }

    private static bool IsConditions(Write write, AmazonS3Exception e) =>
        write.Condition != BlobCondition.None && (S3Place.IsRefused(e) || (S3Place.IsMissing(e) && !S3Place.IsBucketMissing(e) && write.Condition.RequiredETag is not null));

    // The server refused. Null = try again: another write was under way and came to nothing, or the server compares tags with their quotes.
    private async ValueTask<BlobInfo?> JudgeAsync(Write write, long length, AmazonS3Exception refusal, bool bare, bool again, CancellationToken cancellationToken)
    {
        GetObjectMetadataResponse? found;
        try
        {
            found = await HeadAsync(write.Name, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (S3Place.IsFailure(e, cancellationToken))
        {
            throw _place.Explain(write.Name, "written", e);
        }

        if (found is not null && found.Metadata[WriteIdKey] == write.Id && found.ContentLength == length)
        {
            return Info(write.Name, found);
        }

        var tag = found is null ? null : Tag(found.ETag);
        if (!bare && tag is not null && tag == write.Condition.RequiredETag && refusal.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            _bareTags = true;
            return null;
        }

        var mayStillHold = refusal.StatusCode == HttpStatusCode.Conflict && tag == write.Condition.RequiredETag;
        return mayStillHold && again ? null : throw Failed(write, tag, refusal);
    }

    private BlobConditionFailedException Failed(Write write, string? found, Exception? cause = null) => _place.ConditionFailed(
        write.Name,
        write.Condition.RequiresAbsence ? "there is one already, or another was written meanwhile" : $"it has changed (tag {found ?? "none"}, not {write.Condition.RequiredETag})",
        cause);

    // The answer to a write does not say when it was, and of parts not every server says the tag; looking tells, unless somebody has replaced the blob by then. What stands for the tag
    // in that case matches nothing any more, as the tag would.
    private async ValueTask<BlobInfo> DescribeAsync(Write write, long length, string? etag, CancellationToken cancellationToken)
    {
        S3Metrics.Written(length);
        return await HeadAsync(write.Name, cancellationToken).ConfigureAwait(false) is { } head && head.Metadata[WriteIdKey] == write.Id
            ? Info(write.Name, head)
            : new BlobInfo(write.Name, length, string.IsNullOrEmpty(etag) ? write.Id : Tag(etag), DateTimeOffset.UnixEpoch);
    }

    private readonly record struct Write(string Name, BlobCondition Condition, string Id);
}
