using System.Buffers.Binary;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>Tells in which blocks of an object a signature may have been sighted: in no others, and in a named one with few doubts. Thread-safe.</summary>
internal sealed class SignatureIndex
{
    private const int CheckBits = 8;
    private const int MaxShardBits = 20;
    private const int MaxBlockBits = 22;

    private readonly byte[] _bytes;
    private readonly Shard[] _shards;
    private readonly int _shardBits;
    private readonly int _width;
    private readonly int _blocks;

    private SignatureIndex(byte[] bytes, Shard[] shards, int shardBits, int width, int blocks, long count) =>
        (_bytes, _shards, _shardBits, _width, _blocks, Count) = (bytes, shards, shardBits, width, blocks, count);

    /// <summary>Sightings in it.</summary>
    public long Count { get; }

    /// <summary>Memory that it takes, bytes.</summary>
    public long Bytes => _bytes.Length + (16L * _shards.Length);

    /// <summary>What a hash is mapped to: check, whether there is another sighting, block.</summary>
    public static ulong Value(byte check, bool hasNext, int block) => check | (hasNext ? 1UL << CheckBits : 0) | ((ulong)block << (CheckBits + 1));

    /// <summary>Bits of a value.</summary>
    public static int WidthOf(int blockBits) => CheckBits + 1 + blockBits;

    public static int BytesOf(int keys, int width) => (int)((((long)StaticFunction.SlotsOf(keys) * width) + 7) / 8);

    /// <summary>Reads an index.</summary>
    /// <param name="bytes">Its bytes, kept.</param>
    /// <param name="blocks">Blocks of the object.</param>
    /// <exception cref="SectionDamageException">It contradicts itself.</exception>
    public static SignatureIndex Parse(byte[] bytes, int blocks)
    {
        var reader = new NumberReader(bytes);
        var count = reader.Count(int.MaxValue);
        var (shardBits, blockBits) = (reader.Bytes(1)[0], reader.Bytes(1)[0]);
        if (shardBits > MaxShardBits || blockBits is < 1 or > MaxBlockBits || reader.Left < 2L << shardBits)
        {
            throw new SectionDamageException($"it says that it has 2^{shardBits} shards and {blockBits} bits a block");
        }

        var shards = new Shard[1 << shardBits];
        var (at, sum, width) = (0L, 0L, WidthOf(blockBits));
        foreach (ref var shard in shards.AsSpan())
        {
            var keys = reader.Count(StaticFunction.MaxKeys);
            shard = new Shard(at, keys, reader.Bytes(1)[0]);
            (at, sum) = (at + BytesOf(keys, width), sum + keys);
        }

        if (at + sizeof(ulong) != reader.Left || sum != count)
        {
            throw new SectionDamageException("its shards do not fill it");
        }

        var start = bytes.Length - reader.Left;
        foreach (ref var shard in shards.AsSpan())
        {
            shard = shard with { At = shard.At + start };
        }

        return new SignatureIndex(bytes, shards, shardBits, width, blocks, count);
    }

    /// <summary>Looks for one sighting.</summary>
    /// <param name="first">The signature's hash.</param>
    /// <param name="number">Which sighting, from 0.</param>
    /// <param name="block">The block it is in.</param>
    /// <param name="hasNext">Whether there is another one.</param>
    /// <returns>False when there is none; true may be by chance, once in 256.</returns>
    public bool TryFind(SignatureHash first, uint number, out int block, out bool hasNext)
    {
        var hash = first.Sighting(number);
        ref readonly var shard = ref _shards[hash.Shard(_shardBits)];
        var (one, two, three) = StaticFunction.Slots(hash.Low, shard.Seed, shard.Keys);
        var value = (Read(shard.At, one) ^ Read(shard.At, two) ^ Read(shard.At, three)) & ((1UL << _width) - 1);
        block = (int)(value >> (CheckBits + 1));
        hasNext = ((value >> CheckBits) & 1) != 0;
        return shard.Keys > 0 && (byte)value == hash.Check && block < _blocks;
    }

    private ulong Read(long at, int slot)
    {
        var bit = (long)slot * _width;
        return BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan((int)(at + (bit >> 3)))) >> (int)(bit & 7);
    }

    private readonly record struct Shard(long At, int Keys, byte Seed);
}
