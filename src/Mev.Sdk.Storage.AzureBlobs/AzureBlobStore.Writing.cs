using System.Buffers;
using System.Globalization;
using System.Text;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Mev.Sdk.Storage.AzureBlobs;

// Writing: at once, or in blocks.
public sealed partial class AzureBlobStore
{
    // Tells this write from any other: a request that was repeated since its answer was lost is refused for what it did itself.
    private const string WriteIdKey = "mevwrite";

    private static readonly UploadTransferValidationOptions Checked = new() { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 };

    /// <inheritdoc/>
    public async ValueTask<BlobInfo> WriteAsync(string name, Stream content, BlobCondition condition, CancellationToken cancellationToken = default)
    {
        BlobName.ThrowIfInvalid(name);
        ArgumentNullException.ThrowIfNull(content);
        var write = new Write(name, condition, Guid.NewGuid().ToString("N"));
        var buffer = ArrayPool<byte>.Shared.Rent(_blockBytes);
        try
        {
            var filled = await content.ReadAtLeastAsync(buffer.AsMemory(0, _blockBytes), _blockBytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            if (filled < _blockBytes)
            {
                return await PutAsync(write, buffer, filled, cancellationToken).ConfigureAwait(false);
            }

            // Spares the sending where it is in vain; what counts is what the server says in the end.
            await DemandAsync(write, cancellationToken).ConfigureAwait(false);
            return await PutBlocksAsync(write, buffer, content, cancellationToken).ConfigureAwait(false);
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

    private async ValueTask<BlobInfo> PutAsync(Write write, byte[] buffer, int count, CancellationToken cancellationToken)
    {
        try
        {
            AzureBlobMetrics.Request("put");
            using var whole = new MemoryStream(buffer, 0, count, writable: false);
            var options = new BlobUploadOptions { Conditions = Conditions(write), Metadata = Metadata(write), TransferValidation = Checked };
            var answer = await Block(write.Name).UploadAsync(whole, options, cancellationToken).ConfigureAwait(false);
            return Written(write, count, answer.Value);
        }
        catch (RequestFailedException e) when (IsConditions(write, e))
        {
            return await JudgeAsync(write, count, e, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (AzurePlace.IsFailure(e, cancellationToken))
        {
            throw _place.Explain(write.Name, "written", e);
        }
    }

    // While one block is sent the next is read.
    private async ValueTask<BlobInfo> PutBlocksAsync(Write write, byte[] first, Stream content, CancellationToken cancellationToken)
    {
        var second = ArrayPool<byte>.Shared.Rent(_blockBytes);
        var blocks = new List<string>();
        Task sending = Task.CompletedTask;
        try
        {
            var (current, next) = (first, second);
            var (filled, length) = (_blockBytes, 0L);
            while (filled > 0)
            {
                if (blocks.Count == MostBlocks)
                {
                    throw new IOException(
                        $"Blob '{write.Name}' has more than {MostBlocks} blocks of {_blockBytes} bytes, and the server takes no more. Set Mev:Storage:AzureBlobs:{nameof(AzureBlobOptions.BlockBytes)} higher.");
                }

                length += filled;
                blocks.Add(BlockId(write, blocks.Count));
                sending = StageAsync(write, blocks[^1], current, filled, cancellationToken);
                (current, next) = (next, current);
                filled = filled < _blockBytes
                    ? 0
                    : await content.ReadAtLeastAsync(current.AsMemory(0, _blockBytes), _blockBytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
                await sending.ConfigureAwait(false);
            }

            return await CommitAsync(write, blocks, length, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // The buffers go back only when nobody sends from them any more.
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(second);
        }
    }

    private async Task StageAsync(Write write, string id, byte[] buffer, int count, CancellationToken cancellationToken)
    {
        try
        {
            AzureBlobMetrics.Request("put-block");
            using var block = new MemoryStream(buffer, 0, count, writable: false);
            await Block(write.Name).StageBlockAsync(id, block, new BlockBlobStageBlockOptions { TransferValidation = Checked }, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (AzurePlace.IsFailure(e, cancellationToken))
        {
            throw _place.Explain(write.Name, "written", e);
        }
    }

    private async ValueTask<BlobInfo> CommitAsync(Write write, List<string> blocks, long length, CancellationToken cancellationToken)
    {
        try
        {
            AzureBlobMetrics.Request("put-block-list");
            var options = new CommitBlockListOptions { Conditions = Conditions(write), Metadata = Metadata(write) };
            var answer = await Block(write.Name).CommitBlockListAsync(blocks, options, cancellationToken).ConfigureAwait(false);
            return Written(write, length, answer.Value);
        }
        catch (RequestFailedException e) when (IsConditions(write, e) || AzurePlace.IsOvertaken(e))
        {
            return await JudgeAsync(write, length, e, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (AzurePlace.IsFailure(e, cancellationToken))
        {
            throw _place.Explain(write.Name, "written", e);
        }
    }

    // The server refused: for what this write itself did when its answer was lost, or for what somebody else did.
    private async ValueTask<BlobInfo> JudgeAsync(Write write, long length, RequestFailedException refusal, CancellationToken cancellationToken)
    {
        BlobProperties? found;
        try
        {
            found = await HeadAsync(write.Name, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (AzurePlace.IsFailure(e, cancellationToken))
        {
            throw _place.Explain(write.Name, "written", e);
        }

        if (found is not null && found.ContentLength == length && found.Metadata.TryGetValue(WriteIdKey, out var id) && id == write.Id)
        {
            return Info(write.Name, found);
        }

        throw write.Condition == BlobCondition.None ? _place.Explain(write.Name, "written", refusal) : Failed(write, found is null ? null : Tag(found.ETag), refusal);
    }

    private BlobConditionFailedException Failed(Write write, string? found, Exception? cause = null) => _place.ConditionFailed(
        write.Name,
        write.Condition.RequiresAbsence ? "there is one already, or another was written meanwhile" : $"it has changed (tag {found ?? "none"}, not {write.Condition.RequiredETag})",
        cause);

    private static BlobInfo Written(Write write, long length, BlobContentInfo answer)
    {
        AzureBlobMetrics.Written(length);
        return new BlobInfo(write.Name, length, Tag(answer.ETag), answer.LastModified);
    }

    private static bool IsConditions(Write write, RequestFailedException e) => write.Condition != BlobCondition.None && AzurePlace.IsRefused(e);

    private static BlobRequestConditions Conditions(Write write) =>
        new() { IfNoneMatch = write.Condition.RequiresAbsence ? ETag.All : null, IfMatch = Sent(write.Condition.RequiredETag) };

    private static Dictionary<string, string> Metadata(Write write) => new(StringComparer.Ordinal) { [WriteIdKey] = write.Id };

    // Ids of all blocks of a blob must be of one length, also those that another writer has sent at the same time.
    private static string BlockId(Write write, int number) => Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{write.Id}{number:d6}")));

    private BlockBlobClient Block(string name) => _container.GetBlockBlobClient(_place.FullName(name));

    private readonly record struct Write(string Name, BlobCondition Condition, string Id);
}
