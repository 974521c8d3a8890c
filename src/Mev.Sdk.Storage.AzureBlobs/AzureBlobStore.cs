using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Mev.Sdk.Storage.AzureBlobs;

/// <summary>Blobs as block blobs of a container of Azure Blob Storage.</summary>
/// <remarks>
/// <para>Thread-safe; any number of stores and processes may use the container at once. Conditions are the server's own, in one step with the write or the deletion.</para>
/// <para>
/// What fits into one block is one request. More goes in blocks while the stream is read, and the condition is checked when they are put together. Blocks of writes that were not completed
/// are invisible; the server drops them after a week, or when the blob is next written. Of two writes of one blob in blocks at the same time the one that is completed second fails.
/// </para>
/// <para>Every request with content carries its MD5, which the server checks.</para>
/// </remarks>
public sealed partial class AzureBlobStore : IBlobStore
{

    private readonly BlobContainerClient _container;
    private readonly AzurePlace _place;
    private readonly int _blockBytes;
    private readonly int _maxRetries;

    /// <summary>Uses a container with a client of its own.</summary>
    /// <param name="options">Which container, and how; copied.</param>
    /// <exception cref="ArgumentException">The options are wrong; the message lists what.</exception>
    public AzureBlobStore(AzureBlobOptions options)
        : this(null, options)
    {
    }

    /// <summary>Uses a container with a client that somebody else made.</summary>
    /// <param name="client">The container's client; address, sign-in, retries and time-outs are its own, and those of the options are not looked at.</param>
    /// <param name="options">Name of the container for messages, prefix and size of blocks; copied.</param>
    /// <exception cref="ArgumentException">The options are wrong; the message lists what.</exception>
    public AzureBlobStore(BlobContainerClient? client, AzureBlobOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = options.Validate("Mev:Storage:AzureBlobs", needsConnection: client is null).ToList();
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', problems), nameof(options));
        }

        _container = client ?? Connect(options);
        _blockBytes = options.BlockBytes;
        _maxRetries = options.MaxRetries;
        _place = new AzurePlace(options.Container, options.Prefix, _container.AccountName);
    }

    /// <summary>Most names of a page of a listing; the server's own limit is the default.</summary>
    internal int PageNames { get; init; } = 5000;

    /// <summary>Most blocks of a blob; the server's own limit is the default.</summary>
    internal int MostBlocks { get; init; } = 50_000;

    /// <inheritdoc/>
    public async ValueTask<BlobInfo?> GetInfoAsync(string name, CancellationToken cancellationToken = default)
    {
        BlobName.ThrowIfInvalid(name);
        try
        {
            return await HeadAsync(name, cancellationToken).ConfigureAwait(false) is { } head ? Info(name, head) : null;
        }
        catch (Exception e) when (AzurePlace.IsFailure(e, cancellationToken))
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
            catch (RequestFailedException e) when (AzurePlace.IsMissing(e))
            {
                throw _place.NotFound(name, e);
            }
            catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                throw _place.TooShort(name, offset, destination.Length, "it has no more than that offset");
            }
            catch (Exception e) when (AzurePlace.IsFailure(e, cancellationToken))
            {
                // The SDK repeats requests; an answer that breaks off again and again comes here as something else than a refusal.
                if (attempt >= _maxRetries || e is RequestFailedException or AggregateException)
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
            AzureBlobMetrics.Request("delete");
            var conditions = new BlobRequestConditions { IfMatch = Sent(condition.RequiredETag) };
            await Blob(name).DeleteAsync(DeleteSnapshotsOption.IncludeSnapshots, conditions, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (RequestFailedException e) when (AzurePlace.IsMissing(e))
        {
            return false;
        }
        catch (RequestFailedException e) when (AzurePlace.IsRefused(e))
        {
            throw _place.ConditionFailed(name, $"it has changed (its tag is not {condition.RequiredETag})", e);
        }
        catch (Exception e) when (AzurePlace.IsFailure(e, cancellationToken))
        {
            throw _place.Explain(name, "deleted", e);
        }
    }

    [SuppressMessage("Design", "MA0054", Justification = "The SDK's exception may quote the connection string, and with it the key.")]
    private static BlobContainerClient Connect(AzureBlobOptions options)
    {
        var settings = new BlobClientOptions();
        settings.Retry.MaxRetries = options.MaxRetries;
        settings.Retry.NetworkTimeout = options.Timeout;
        settings.Retry.Mode = RetryMode.Exponential;
        try
        {
            return new BlobContainerClient(options.ConnectionString, options.Container, settings);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            throw new ArgumentException(
                $"Mev:Storage:AzureBlobs:{nameof(AzureBlobOptions.ConnectionString)} is no connection string of a storage account: copy it whole from the account's access keys.", nameof(options));
        }
    }

    private static string Tag(ETag etag) => etag.ToString("G").Trim('"');

    private static ETag? Sent(string? tag) => tag is null ? null : new ETag($"\"{tag}\"");

    private static BlobInfo Info(string name, BlobProperties head) => new(name, head.ContentLength, Tag(head.ETag), head.LastModified);

    private BlobClient Blob(string name) => _container.GetBlobClient(_place.FullName(name));

    // Null when there is no such blob; a container that is not there is a failure.
    private async ValueTask<BlobProperties?> HeadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            AzureBlobMetrics.Request("head");
            return (await Blob(name).GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).Value;
        }
        catch (RequestFailedException e) when (AzurePlace.IsMissing(e))
        {
            return null;
        }
    }

    private async ValueTask ReadOnceAsync(string name, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        AzureBlobMetrics.Request("get");
        var options = new BlobDownloadOptions { Range = new HttpRange(offset, destination.Length) };
        using var response = (await Blob(name).DownloadStreamingAsync(options, cancellationToken).ConfigureAwait(false)).Value;
        if (response.Details.ContentLength < destination.Length)
        {
            throw _place.TooShort(name, offset, destination.Length, $"{response.Details.ContentLength} bytes were there");
        }

        try
        {
            await response.Content.ReadExactlyAsync(destination, cancellationToken).ConfigureAwait(false);
        }
        catch (EndOfStreamException e)
        {
            throw new IOException("the answer broke off", e);
        }

        AzureBlobMetrics.Read(destination.Length);
    }

    private async IAsyncEnumerable<BlobInfo> ListPagesAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? marker = null;
        var last = "";
        do
        {
            var page = await ListPageAsync(prefix, marker, cancellationToken).ConfigureAwait(false);
            marker = string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken;
            foreach (var entry in page.Values)
            {
                // What else is in the container is not the store's.
                var name = entry.Name[_place.Prefix.Length..];
                if (!BlobName.IsValid(name))
                {
                    continue;
                }

                if (string.CompareOrdinal(name, last) <= 0)
                {
                    throw _place.ExplainContainer("listed", new IOException($"the server lists '{name}' behind '{last}', and blobs are listed in order"));
                }

                last = name;
                yield return new BlobInfo(name, entry.Properties.ContentLength ?? 0, Tag(entry.Properties.ETag ?? default), entry.Properties.LastModified ?? DateTimeOffset.UnixEpoch);
            }
        }
        while (marker is not null);
    }

    private async ValueTask<Page<BlobItem>> ListPageAsync(string prefix, string? marker, CancellationToken cancellationToken)
    {
        try
        {
            AzureBlobMetrics.Request("list");
            var options = new GetBlobsOptions { Prefix = _place.Prefix + prefix };
            var pages = _container.GetBlobsAsync(options, cancellationToken).AsPages(marker, PageNames).GetAsyncEnumerator(cancellationToken);
            await using (pages.ConfigureAwait(false))
            {
                return await pages.MoveNextAsync().ConfigureAwait(false) ? pages.Current : Page<BlobItem>.FromValues([], null, null!);
            }
        }
        catch (Exception e) when (AzurePlace.IsFailure(e, cancellationToken))
        {
            throw _place.ExplainContainer("listed", e);
        }
    }
}
