using System.Globalization;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>Sees to it that one sealer at a time archives a log into a store: by a claim that is changed by conditional writes. Not thread-safe.</summary>
/// <remarks>
/// The sealer that starts last takes the claim over, and before each object its owner writes there which records it is about to put. So a sealer that was overtaken can put nothing but the very object that
/// it had claimed, and who overtook it makes that same object, if it is not there, before any other one.
/// </remarks>
internal sealed class SealerFence(IBlobStore store)
{
    private const int MostTries = 16;

    private readonly Guid _me = Guid.NewGuid();
    private string _etag = "";
    private SealClaim _claim;

    /// <summary>The log whose claim it holds; null before <see cref="TakeAsync"/>.</summary>
    public ushort? LogId { get; private set; }

    /// <summary>Takes a log's claim over; one that it held already, it only looks at again.</summary>
    /// <returns>What the claim says.</returns>
    /// <exception cref="SealerFencedException">It held it, and another sealer took it since.</exception>
    /// <exception cref="InvalidDataException">The claim is damaged.</exception>
    public async ValueTask<SealClaim> TakeAsync(ushort logId, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var found = await ReadAsync(logId, cancellationToken).ConfigureAwait(false);
            if (found is var (claim, etag))
            {
                if (claim.Sealer == _me)
                {
                    return Hold(logId, claim, etag);
                }

                if (LogId == logId)
                {
                    throw Overtaken(claim);
                }
            }

            try
            {
                var mine = (found?.Claim ?? default) with { Sealer = _me };
                return Hold(logId, mine, await WriteAsync(logId, mine, found?.ETag, cancellationToken).ConfigureAwait(false));
            }
            catch (BlobConditionFailedException) when (tries < MostTries)
            {
                // Somebody else changed it meanwhile: look again.
            }
        }
    }

    /// <summary>Claims the records of an object, before it is put; of the object that is claimed already, it does nothing.</summary>
    /// <exception cref="SealerFencedException">Another sealer took the claim.</exception>
    public async ValueTask ClaimAsync(Lsn previous, Lsn end, CancellationToken cancellationToken)
    {
        var wanted = new SealClaim(_me, previous.Value, end.Value);
        if (wanted == _claim)
        {
            return;
        }

        for (var tries = 1; ; tries++)
        {
            try
            {
                _ = Hold(end.LogId, wanted, await WriteAsync(end.LogId, wanted, _etag, cancellationToken).ConfigureAwait(false));
                return;
            }
            catch (BlobConditionFailedException) when (tries < MostTries)
            {
                // Still this one's when the answer to an earlier try was lost.
                var found = await ReadAsync(end.LogId, cancellationToken).ConfigureAwait(false);
                if (found is not var (claim, etag) || claim.Sealer != _me)
                {
                    throw Overtaken(found?.Claim);
                }

                if (Hold(end.LogId, claim, etag) == wanted)
                {
                    return;
                }
            }
        }
    }

    private SealClaim Hold(ushort logId, SealClaim claim, string etag)
    {
        (LogId, _claim, _etag) = (logId, claim, etag);
        return claim;
    }

    private SealerFencedException Overtaken(SealClaim? by) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"Another sealer archives log {LogId} into this store since this one began{(by is { } other ? $" ({SealClaim.NameOf(LogId!.Value)} names {other.Sealer:N}, this one is {_me:N})" : "")}: two hosts, or two processes of one. ")
        + "This one archives nothing more, and its log keeps every record. Run one of them; a host with a log of its own needs another Mev:Storage:Journal:LogId. Then start again.");

    private async ValueTask<string> WriteAsync(ushort logId, SealClaim claim, string? etag, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(claim.Write(), writable: false);
        var written = await store.WriteAsync(SealClaim.NameOf(logId), content, etag is null ? BlobCondition.IfAbsent : BlobCondition.IfMatch(etag), cancellationToken).ConfigureAwait(false);
        return written.ETag;
    }

    // The mark is older than the bytes or of the same age: who writes by it never overwrites what it did not see.
    private async ValueTask<(SealClaim Claim, string ETag)?> ReadAsync(ushort logId, CancellationToken cancellationToken)
    {
        var name = SealClaim.NameOf(logId);
        if (await store.GetInfoAsync(name, cancellationToken).ConfigureAwait(false) is not { } info)
        {
            return null;
        }

        var bytes = new byte[info.Length == SealClaim.Size ? SealClaim.Size : 0];
        await store.ReadAsync(name, 0, bytes, cancellationToken).ConfigureAwait(false);
        return (SealClaim.Read(bytes, name), info.ETag);
    }
}
