using Mev.Sdk.Storage.Archive.Coding;

namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>Bytes that nothing can predict, stored as they are: signatures apart, so that they can be searched in place, and new keys with hashes.</summary>
internal sealed class OpaqueStream
{
    public readonly ByteArena Signatures = new();
    public readonly ByteArena Keys = new();
    private int _signatureAt;
    private int _keyAt;

    public void Clear()
    {
        Signatures.Clear();
        Keys.Clear();
        (_signatureAt, _keyAt) = (0, 0);
    }

    public Signature NextSignature() => new(Next(Signatures, ref _signatureAt, Signature.Size));

    public Pubkey NextKey() => new(Next(Keys, ref _keyAt, Pubkey.Size));

    private static ReadOnlySpan<byte> Next(ByteArena bytes, ref int at, int size)
    {
        if (bytes.Length - at < size)
        {
            throw new InvalidDataException("The block ends within its stored keys or signatures.");
        }

        at += size;
        return bytes[at - size, size];
    }
}
