using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>The end of an object as it was read, trailer and directory checked.</summary>
internal readonly record struct ObjectTail(string Name, ObjectTrailer Trailer, ObjectDirectory Directory, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Bytes that are read when nobody knows how many the tail has: of small objects this is all of it, of large ones it saves a little of the second request.</summary>
    private const int FirstGuess = 256 << 10;

    /// <summary>Reads the tail: with one request when its place is known or it is short, else with two.</summary>
    /// <param name="store">Where the object is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="length">Its length, bytes.</param>
    /// <param name="tailOffset">Where its tail begins; 0 = not known. A wrong place costs a request and nothing else.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="InvalidDataException">It is no object, or its end is damaged.</exception>
    public static async ValueTask<ObjectTail> ReadAsync(IBlobStore store, string name, long length, long tailOffset, CancellationToken cancellationToken)
    {
        const int least = ObjectFormat.HeaderSize + ObjectFormat.TrailerSize;
        if (length < least)
        {
            throw new ArchiveDamage(name, "the trailer", 0, length, $"it has {length} bytes, an object at least {least}").ToException();
        }

        var start = tailOffset > 0 && tailOffset <= length - ObjectFormat.TrailerSize && length - tailOffset <= ObjectFormat.MaxSectionBytes
            ? tailOffset
            : Math.Max(0, length - FirstGuess);
        var bytes = await ReadAsync(store, name, start, (int)(length - start), cancellationToken).ConfigureAwait(false);
        var trailer = Parse(name, bytes, length);
        if (trailer.TailOffset < start)
        {
            var whole = new byte[length - trailer.TailOffset];
            var missing = (int)(start - trailer.TailOffset);
            bytes.CopyTo(whole, missing);
            (await ReadAsync(store, name, trailer.TailOffset, missing, cancellationToken).ConfigureAwait(false)).CopyTo(whole, 0);
            (bytes, start) = (whole, trailer.TailOffset);
        }

        var tail = bytes.AsMemory((int)(trailer.TailOffset - start));
        return new ObjectTail(name, trailer, ParseDirectory(name, in trailer, tail.Span), tail);
    }

    /// <summary>The stored bytes of a section of the tail.</summary>
    public ReadOnlyMemory<byte> Section(SectionPlace place) => Bytes.Slice((int)(place.Offset - Trailer.TailOffset), place.Length);

    private static ObjectTrailer Parse(string name, ReadOnlySpan<byte> bytes, long length)
    {
        try
        {
            var trailer = ObjectTrailer.Parse(bytes[^ObjectFormat.TrailerSize..], length);
            return length - trailer.TailOffset <= ObjectFormat.MaxSectionBytes ? trailer : throw new SectionDamageException($"it says that the tail has {length - trailer.TailOffset} bytes");
        }
        catch (SectionDamageException damage)
        {
            throw new ArchiveDamage(name, "the trailer", length - ObjectFormat.TrailerSize, ObjectFormat.TrailerSize, damage.Message).ToException(damage);
        }
    }

    private static ObjectDirectory ParseDirectory(string name, in ObjectTrailer trailer, ReadOnlySpan<byte> tail)
    {
        var place = trailer.Directory;
        var bytes = tail.Slice((int)(place.Offset - trailer.TailOffset), place.Length);
        try
        {
            return Crc32C.Compute(bytes) == place.Crc32C
                ? ObjectDirectory.Parse(bytes, in trailer)
                : throw new SectionDamageException("it does not match its CRC-32C");
        }
        catch (SectionDamageException damage)
        {
            throw new ArchiveDamage(name, "the directory", place.Offset, place.Length, damage.Message).ToException(damage);
        }
    }

    private static async ValueTask<byte[]> ReadAsync(IBlobStore store, string name, long offset, int length, CancellationToken cancellationToken)
    {
        var bytes = new byte[length];
        try
        {
            await store.ReadAsync(name, offset, bytes, cancellationToken).ConfigureAwait(false);
            return bytes;
        }
        catch (EndOfStreamException end)
        {
            throw new ArchiveDamage(name, "the trailer", offset, length, "the object is shorter than its store said").ToException(end);
        }
    }
}
