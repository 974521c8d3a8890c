using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>128 bits that stand for a signature within one object: of SHA-256 over object id and signature.</summary>
/// <remarks>
/// The object id is drawn when the object is made, so that nobody can prepare signatures that meet. The k-th sighting of a signature has a hash of its own, made from the first without
/// another SHA-256, so that many sightings of one signature spread over the shards as different ones do. Part of the format.
/// </remarks>
internal readonly record struct SignatureHash(ulong High, ulong Low)
{
    private const ulong Odd = 0x9E37_79B9_7F4A_7C15;

    /// <summary>Which shard of two to the power of <paramref name="shardBits"/>.</summary>
    public int Shard(int shardBits) => shardBits == 0 ? 0 : (int)(High >> (64 - shardBits));

    /// <summary>What an index keeps to tell most others apart.</summary>
    public byte Check => (byte)High;

    public static SignatureHash Of(ReadOnlySpan<byte> objectId, in Signature signature)
    {
        Span<byte> input = stackalloc byte[ObjectFormat.ObjectIdSize + Signature.Size];
        objectId.CopyTo(input);
        signature.CopyTo(input[ObjectFormat.ObjectIdSize..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, hash);
        return new SignatureHash(BinaryPrimitives.ReadUInt64LittleEndian(hash), BinaryPrimitives.ReadUInt64LittleEndian(hash[sizeof(ulong)..]));
    }

    /// <summary>The hash of a later sighting; 0 = the first, this one.</summary>
    public SignatureHash Sighting(uint number) => number == 0 ? this : new(Mix(High + (number * Odd)), Mix(Low ^ (number * Odd)));

    /// <summary>The finalizer of SplitMix64: each bit of the outcome hangs on every bit of the value.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
