namespace Mev.Sdk;

/// <summary>A place for named byte strings: a folder, an S3 bucket. The archive keeps its objects, keys and dictionaries in one.</summary>
/// <remarks>
/// <para>Thread-safe, also between processes that use the same place.</para>
/// <para>
/// Names follow <see cref="BlobName"/> and are case-sensitive. No name may be the folder of another one (<c>a</c> and <c>a/b</c>): a store may refuse that.
/// </para>
/// <para>A blob is whole or not there: nobody sees a part of one that is being written, also not after a crash.</para>
/// </remarks>
public interface IBlobStore
{
    /// <summary>Tells what is known of a blob without reading it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a blob's name.</exception>
    /// <exception cref="IOException">The store cannot be asked; the message names it and the blob.</exception>
    ValueTask<BlobInfo?> GetInfoAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Lists blobs, ascending by ordinal name.</summary>
    /// <remarks>A blob that is written or deleted while the listing goes on may be in it or not.</remarks>
    /// <param name="prefix">What their names begin with, at any character; empty = all.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>The blobs.</returns>
    /// <exception cref="ArgumentException">No name can begin with <paramref name="prefix"/>.</exception>
    /// <exception cref="IOException">The store cannot be asked.</exception>
    IAsyncEnumerable<BlobInfo> ListAsync(string prefix, CancellationToken cancellationToken = default);

    /// <summary>Fills a buffer from a place within a blob, with one request to the store.</summary>
    /// <param name="name">The blob's name.</param>
    /// <param name="offset">Where in the blob, in bytes from its start.</param>
    /// <param name="destination">Filled whole; empty = nothing is asked and nothing is checked but the name.</param>
    /// <param name="cancellationToken">Ends the waiting; what is in the buffer then is undefined.</param>
    /// <returns>When the buffer is full.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a blob's name.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="offset"/> is negative.</exception>
    /// <exception cref="BlobNotFoundException">There is no such blob.</exception>
    /// <exception cref="EndOfStreamException">The blob ends before the buffer is full.</exception>
    /// <exception cref="IOException">The store cannot be asked.</exception>
    ValueTask ReadAsync(string name, long offset, Memory<byte> destination, CancellationToken cancellationToken = default);

    /// <summary>Writes a blob, whole or not at all; it is durable when the call returns.</summary>
    /// <param name="name">The blob's name.</param>
    /// <param name="content">Its bytes, read from where the stream is to its end; not disposed, need not seek. How much of it was read when the call fails is not said.</param>
    /// <param name="condition">What must be so for it to be written; decided by the store in one step with the writing.</param>
    /// <param name="cancellationToken">Gives the writing up; a blob that was there before is as it was, unless the store had taken the new one already.</param>
    /// <returns>What is there now.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a blob's name.</exception>
    /// <exception cref="BlobConditionFailedException">The condition does not hold; nothing was changed.</exception>
    /// <exception cref="IOException">The store cannot write it; the message names the store and the blob.</exception>
    ValueTask<BlobInfo> WriteAsync(string name, Stream content, BlobCondition condition, CancellationToken cancellationToken = default);

    /// <summary>Deletes a blob.</summary>
    /// <param name="name">The blob's name.</param>
    /// <param name="condition"><see cref="BlobCondition.None"/> or <see cref="BlobCondition.IfMatch"/>.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>False when there was none.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a blob's name, or the condition is <see cref="BlobCondition.IfAbsent"/>.</exception>
    /// <exception cref="BlobConditionFailedException">The condition does not hold; the blob is still there.</exception>
    /// <exception cref="IOException">The store cannot delete it.</exception>
    ValueTask<bool> DeleteAsync(string name, BlobCondition condition, CancellationToken cancellationToken = default);
}
