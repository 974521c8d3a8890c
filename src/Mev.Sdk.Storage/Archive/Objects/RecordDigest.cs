using System.Buffers.Binary;
using System.Security.Cryptography;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>SHA-256 over records as they are, however they are stored: two objects with the same digest hold the same records. Not thread-safe.</summary>
internal sealed class RecordDigest : IDisposable
{
    private const int PrefixSize = 24;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Add(Lsn lsn, uint source, ulong session, ReadOnlySpan<byte> frame)
    {
        Span<byte> prefix = stackalloc byte[PrefixSize];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, lsn.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(prefix[8..], session);
        BinaryPrimitives.WriteUInt32LittleEndian(prefix[16..], source);
        BinaryPrimitives.WriteInt32LittleEndian(prefix[20..], frame.Length);
        _hash.AppendData(prefix);
        _hash.AppendData(frame);
    }

    public void Add(RecordBatch batch)
    {
        foreach (var record in batch)
        {
            Add(record.Lsn, batch.First.SourceId, batch.First.SessionId, record.Frame);
        }
    }

    /// <summary>The digest of what was added; further records may follow.</summary>
    public byte[] Compute() => _hash.GetCurrentHash();

    public void Dispose() => _hash.Dispose();
}
