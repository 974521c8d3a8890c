using Mev.Sdk.Storage.Tiers.Internal;

namespace Mev.Sdk.Storage.Tiers;

/// <summary>Keeps the <see cref="TierCatalogue"/> in a blob store and replaces it in one step for everybody.</summary>
/// <remarks>Thread-safe, also between processes.</remarks>
public sealed class TierCatalogueStore
{
    /// <summary>Name of the blob.</summary>
    public const string BlobName = "tiers/catalogue.json";

    private const int MaxBytes = 256 << 20;

    private readonly IBlobStore _blobs;

    /// <summary>Uses a blob store.</summary>
    /// <param name="blobs">Where the catalogue is, or will be.</param>
    public TierCatalogueStore(IBlobStore blobs)
    {
        ArgumentNullException.ThrowIfNull(blobs);
        _blobs = blobs;
    }

    /// <summary>Reads the catalogue as it is now.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The catalogue; the empty one when none was ever written.</returns>
    /// <exception cref="InvalidDataException">It is damaged; the message says where.</exception>
    public async ValueTask<TierCatalogue> ReadAsync(CancellationToken cancellationToken = default) => (await LoadAsync(cancellationToken).ConfigureAwait(false)).Catalogue;

    /// <summary>Says that a partition is to stay where it is, or no longer.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="isPinned">Whether it is to stay.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The catalogue as it is then. A move that has begun to publish is not held up.</returns>
    public ValueTask<TierCatalogue> PinAsync(TierPartition partition, bool isPinned, CancellationToken cancellationToken = default) => ChangeAsync(
        catalogue => catalogue with
        {
            Pins = isPinned ? [.. catalogue.Pins.Append(partition).Distinct().Order(TierPartition.Order)] : [.. catalogue.Pins.Where(pin => pin != partition)],
        },
        cancellationToken);

    /// <summary>Changes the catalogue; tried again from the start when somebody else did so at the same time.</summary>
    /// <param name="change">Gives the new one; the same object = nothing is written. May throw.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async ValueTask<TierCatalogue> ChangeAsync(Func<TierCatalogue, TierCatalogue> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (catalogue, condition) = await LoadAsync(cancellationToken).ConfigureAwait(false);
            var changed = change(catalogue);
            if (ReferenceEquals(changed, catalogue))
            {
                return catalogue;
            }

            using var content = new MemoryStream(TierCatalogueJson.Write(changed), writable: false);
            try
            {
                await _blobs.WriteAsync(BlobName, content, condition, cancellationToken).ConfigureAwait(false);
                return changed;
            }
            catch (BlobConditionFailedException)
            {
                // Somebody was faster: what they wrote is to be seen before anything is decided.
            }
        }
    }

    private async ValueTask<(TierCatalogue Catalogue, BlobCondition Condition)> LoadAsync(CancellationToken cancellationToken)
    {
        while (await _blobs.GetInfoAsync(BlobName, cancellationToken).ConfigureAwait(false) is { } info)
        {
            if (info.Length > MaxBytes)
            {
                throw new InvalidDataException($"'{BlobName}' has {info.Length} bytes, and a catalogue has at most {MaxBytes}: it is damaged. Restore it from a copy.");
            }

            var bytes = new byte[info.Length];
            try
            {
                await _blobs.ReadAsync(BlobName, 0, bytes, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is BlobNotFoundException or EndOfStreamException)
            {
                continue;
            }

            // The bytes are those of the tag only if the blob was not replaced between the two requests.
            if (await _blobs.GetInfoAsync(BlobName, cancellationToken).ConfigureAwait(false) == info)
            {
                return (TierCatalogueJson.Read(bytes), BlobCondition.IfMatch(info.ETag));
            }
        }

        return (TierCatalogue.Empty, BlobCondition.IfAbsent);
    }
}
