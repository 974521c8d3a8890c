using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>The end of an object as it was read, trailer and directory checked.</summary>
/// <param name="Name">The object's name.</param>
/// <param name="Trailer">Its trailer.</param>
/// <param name="Directory">Its directory.</param>
/// <param name="Start">Where in the object <paramref name="Bytes"/> begin.</param>
/// <param name="Bytes">What was read, to the object's end.</param>
internal readonly record struct ObjectTail(string Name, ObjectTrailer Trailer, ObjectDirectory Directory, long Start, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Bytes that are read when nobody knows how many the tail has: of small objects this is all of it, of large ones it saves a little of the second request. A directory always fits.</summary>
    private const int FirstGuess = 256 << 10;

    /// <summary>The directory's bytes.</summary>
    public ReadOnlyMemory<byte> DirectoryBytes => Section(Trailer.Directory);

    /// <summary>Reads the tail: with one request when its place is known or it is short, else with two.</summary>
    /// <param name="store">Where the object is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="length">Its length, bytes.</param>
    /// <param name="tailOffset">Where its tail begins; 0 = not known. A wrong place costs a request and nothing else.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="InvalidDataException">It is no object, or its end is damaged.</exception>
    public static async ValueTask<ObjectTail> ReadAsync(IBlobStore store, string name, long length, long tailOffset, CancellationToken cancellationToken)
    {
        var end = await ReadEndAsync(store, name, length, tailOffset, cancellationToken).ConfigureAwait(false);
        return await end.ReadFromAsync(store, end.Trailer.TailOffset, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the object's end with one request: directory and trailer, and what stands before them as far as a guess goes.</summary>
    /// <param name="store">Where the object is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="length">Its length, bytes.</param>
    /// <param name="from">Where reading is to begin; 0 = not known.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="InvalidDataException">It is no object, or its end is damaged.</exception>
    public static async ValueTask<ObjectTail> ReadEndAsync(IBlobStore store, string name, long length, long from, CancellationToken cancellationToken)
    {
        const int least = ObjectFormat.HeaderSize + ObjectFormat.TrailerSize;
        if (length < least)
        {
            throw new ArchiveDamage(name, "the trailer", 0, length, $"it has {length} bytes, an object at least {least}").ToException();
        }

        var start = from > 0 && from <= length - ObjectFormat.TrailerSize && length - from <= ObjectFormat.MaxSectionBytes
            ? from
            : Math.Max(0, length - FirstGuess);
        var bytes = await ReadAsync(store, name, start, (int)(length - start), cancellationToken).ConfigureAwait(false);
        var trailer = Parse(name, bytes, length);
        if (trailer.Directory.Offset < start)
        {
            // A place that was not one.
            bytes = await PrependAsync(store, name, start, trailer.Directory.Offset, bytes, cancellationToken).ConfigureAwait(false);
            start = trailer.Directory.Offset;
        }

        return new ObjectTail(name, trailer, ParseDirectory(name, in trailer, bytes.AsSpan((int)(trailer.Directory.Offset - start), trailer.Directory.Length)), start, bytes);
    }

    /// <summary>Reads what is missing from a place on, with one request; none when nothing is.</summary>
    /// <param name="store">Where the object is.</param>
    /// <param name="from">The place.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async ValueTask<ObjectTail> ReadFromAsync(IBlobStore store, long from, CancellationToken cancellationToken) => from < Start
        ? this with { Start = from, Bytes = await PrependAsync(store, Name, Start, from, Bytes, cancellationToken).ConfigureAwait(false) }
        : this;

    /// <summary>Whether a section was read.</summary>
    public bool Has(SectionPlace place) => place.Offset >= Start;

    /// <summary>The stored bytes of a section that was read.</summary>
    public ReadOnlyMemory<byte> Section(SectionPlace place) => Bytes.Slice((int)(place.Offset - Start), place.Length);

    private static async ValueTask<byte[]> PrependAsync(IBlobStore store, string name, long start, long from, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var missing = await ReadAsync(store, name, from, (int)(start - from), cancellationToken).ConfigureAwait(false);
        var whole = new byte[missing.Length + bytes.Length];
        missing.CopyTo(whole, 0);
        bytes.CopyTo(whole.AsMemory(missing.Length));
        return whole;
    }

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

    private static ObjectDirectory ParseDirectory(string name, in ObjectTrailer trailer, ReadOnlySpan<byte> bytes)
    {
        var place = trailer.Directory;
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
