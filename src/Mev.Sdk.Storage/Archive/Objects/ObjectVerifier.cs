using System.Runtime.InteropServices;
using Mev.Sdk.Storage.Archive.Coding;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>Compares all of an object with what its checksums, digests, indexes and sums say of it. Not thread-safe.</summary>
internal sealed class ObjectVerifier
{
    private readonly ObjectFile _file;
    private readonly VerifyTally _tally;
    private readonly Dictionary<SignatureHash, uint> _sightings = [];
    private SignatureIndex? _index;
    private bool _isWhole = true;
    private ObjectBlock _sum;

    private ObjectVerifier(ObjectFile file, VerifyTally tally) => (_file, _tally) = (file, tally);

    /// <summary>Verifies an object that was opened; what is wrong is added to the tally.</summary>
    public static ValueTask VerifyAsync(ObjectFile file, VerifyTally tally, CancellationToken cancellationToken) => new ObjectVerifier(file, tally).VerifyAsync(cancellationToken);

    private async ValueTask VerifyAsync(CancellationToken cancellationToken)
    {
        await VerifyHeaderAsync(cancellationToken).ConfigureAwait(false);
        VerifyIndex();
        var root = await VerifyRootsAsync(cancellationToken).ConfigureAwait(false);
        for (var block = 1; block < _file.Blocks.Length; block++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await VerifyBlockAsync(block, root, cancellationToken).ConfigureAwait(false);
        }

        VerifySums();
        _tally.Add(_file.Trailer.Length - _file.Trailer.TailOffset, 0);
    }

    private async ValueTask VerifyHeaderAsync(CancellationToken cancellationToken)
    {
        var place = new SectionPlace(0, ObjectFormat.HeaderSize, 0);
        await TryAsync(async () =>
        {
            var bytes = await _file.ReadAsync("the header", place, cancellationToken).ConfigureAwait(false);
            if (!_file.Directory.Header.Bytes.SequenceEqual(bytes))
            {
                _tally.Add(_file.Damage("the header", in place, "it is not the one that the directory has a copy of"));
            }
        }).ConfigureAwait(false);
        _tally.Add(ObjectFormat.HeaderSize, 0);
    }

    private void VerifyIndex()
    {
        try
        {
            _index = _file.GetSignatureIndex();
        }
        catch (InvalidDataException e) when (ArchiveDamage.TryGet(e, out var damage))
        {
            _tally.Add(damage);
        }
    }

    // Both roots must be whole; the leaves are looked at as long as one is.
    private async ValueTask<BlockSnapshot?> VerifyRootsAsync(CancellationToken cancellationToken)
    {
        var copy = _file.Directory.RootCopy;
        byte[]? good = null;
        if (copy.Length > 0)
        {
            good = await ReadRootAsync("the root again", copy, cancellationToken).ConfigureAwait(false);
        }

        // In an object without leaves the root is part of the tail, which is counted as such.
        good = await ReadRootAsync("the root", _file.Directory.Root, cancellationToken).ConfigureAwait(false) ?? good;
        _isWhole &= good is not null;
        var snapshot = good is null ? null : VerifyDecoded(0, good, null);
        _tally.Add(copy.Length > 0 ? _file.Directory.Root.Length : 0, 0);
        return snapshot;
    }

    private async ValueTask<byte[]?> ReadRootAsync(string section, SectionPlace place, CancellationToken cancellationToken)
    {
        byte[]? good = null;
        await TryAsync(async () =>
        {
            var bytes = await _file.ReadAsync(section, place, cancellationToken).ConfigureAwait(false);
            if (Crc32C.Compute(bytes) != place.Crc32C)
            {
                _tally.Add(_file.Damage(section, in place, "its stored bytes do not match their CRC-32C"));
                return;
            }

            good = bytes;
        }).ConfigureAwait(false);
        return good;
    }

    private async ValueTask VerifyBlockAsync(int block, BlockSnapshot? root, CancellationToken cancellationToken)
    {
        var stored = new byte[_file.Blocks[block].StoredLength];
        var isRead = await TryAsync(() => _file.ReadStoredAsync(block, 1, stored, cancellationToken)).ConfigureAwait(false);
        if (isRead && root is null)
        {
            isRead = false;
            _tally.Add(_file.DamageOf(block, Crc32C.Compute(stored) == _file.Blocks[block].Crc32C
                ? "it is whole, but starts where the root ends, and no root is"
                : "its stored bytes do not match their CRC-32C"));
        }

        _isWhole &= isRead;
        if (isRead)
        {
            VerifyDecoded(block, stored, root);
        }

        _tally.Add(stored.Length, 0);
    }

    private BlockSnapshot? VerifyDecoded(int block, byte[] stored, BlockSnapshot? root)
    {
        try
        {
            var decoder = _file.Begin(block, stored, root);
            var found = default(ObjectBlock);
            while (_file.Next(decoder, block))
            {
                Count(ref found, decoder, block);
            }

            ref readonly var said = ref _file.Blocks[block];
            if ((found.Frames, found.Transactions, found.FrameBytes, found.FirstLsn, found.LastLsn) != (said.Frames, said.Transactions, said.FrameBytes, said.FirstLsn, said.LastLsn)
                || (found.FirstSlot, found.LastSlot, found.Kinds) != (said.FirstSlot, said.LastSlot, said.Kinds))
            {
                _tally.Add(_file.DamageOf(block, "the blocks' index says something else of it than it holds"));
            }

            _tally.Add(0, found.Frames);
            var snapshot = block == 0 ? decoder.CopyState() : null;
            _file.ReturnDecoder(decoder);
            return snapshot;
        }
        catch (InvalidDataException e) when (ArchiveDamage.TryGet(e, out var damage))
        {
            _isWhole = false;
            _tally.Add(damage);
            return null;
        }
    }

    private void Count(ref ObjectBlock found, BlockCodec decoder, int block)
    {
        var record = new RecordView(new Lsn(decoder.Lsn), decoder.Frame);
        ref readonly var header = ref record.Header;
        found.FirstLsn = found.Frames == 0 ? decoder.Lsn : found.FirstLsn;
        found.LastLsn = decoder.Lsn;
        found.Frames++;
        found.Transactions += header.TemplateId == TemplateIds.Transaction ? 1 : 0;
        found.FrameBytes += decoder.Frame.Length;
        found.Kinds |= TemplateIds.IsRecord(header.TemplateId) ? 1UL << header.TemplateId : 1;
        if (record.TryGetSlot(out var slot))
        {
            found.FirstSlot = found.FirstSlot == 0 ? slot : Math.Min(found.FirstSlot, slot);
            found.LastSlot = Math.Max(found.LastSlot, slot);
            _sum.FirstSlot = _sum.FirstSlot == 0 ? slot : Math.Min(_sum.FirstSlot, slot);
            _sum.LastSlot = Math.Max(_sum.LastSlot, slot);
        }

        foreach (ref readonly var signature in TransactionSignatures.Of(decoder.Frame))
        {
            Look(in signature, block);
        }
    }

    // The k-th sighting of a signature must be the index's k-th; behind a damaged block nobody knows which one it is.
    private void Look(in Signature signature, int block)
    {
        if (_index is null || !_isWhole)
        {
            return;
        }

        var hash = SignatureHash.Of(_file.Directory.Header.ObjectIdBytes, in signature);
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_sightings, hash, out _);
        if (!_index.TryFind(hash, number, out var named, out _)
            || named != block
            || (number > 0 && !(_index.TryFind(hash, number - 1, out _, out var hasNext) && hasNext)))
        {
            DamageIndex($"it does not lead to the signature {signature} in block {block}");
        }

        number++;
    }

    private void VerifySums()
    {
        var directory = _file.Directory;
        if (_isWhole && (_sum.FirstSlot, _sum.LastSlot) != (directory.FirstSlot, directory.LastSlot))
        {
            var place = _file.Trailer.Directory;
            _tally.Add(_file.Damage("the directory", in place, "its slots are not those of the records"));
        }

        if (_index is null || !_isWhole)
        {
            return;
        }

        var count = 0L;
        foreach (var (hash, sightings) in _sightings)
        {
            count += sightings;
            if (_index is not null && _index.TryFind(hash, sightings - 1, out _, out var hasNext) && hasNext)
            {
                DamageIndex("it names a sighting that is not there");
            }
        }

        if (_index is not null && (count != _index.Count || count != directory.Signatures))
        {
            DamageIndex($"it has {_index.Count} sightings, the directory {directory.Signatures}, the records {count}");
        }
    }

    // Told once: the first of what may be thousands.
    private void DamageIndex(string problem)
    {
        var place = _file.Directory.SignatureIndex;
        _tally.Add(_file.Damage("the signature index", in place, problem));
        _index = null;
    }

    private async ValueTask<bool> TryAsync(Func<ValueTask> look)
    {
        try
        {
            await look().ConfigureAwait(false);
            return true;
        }
        catch (InvalidDataException e) when (ArchiveDamage.TryGet(e, out var damage))
        {
            _tally.Add(damage);
            return false;
        }
    }
}
