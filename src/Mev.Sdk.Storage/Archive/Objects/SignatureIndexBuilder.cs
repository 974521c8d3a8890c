using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Mev.Sdk.Storage.Archive.Coding;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>Collects the signatures of an object's blocks, and writes the index; docs/archive-format.md, "Signature index".</summary>
/// <remarks>Keeps some 60 bytes a sighting until it is written. Not thread-safe.</remarks>
internal sealed class SignatureIndexBuilder(byte[] objectId)
{
    /// <summary>Sightings in a shard, about.</summary>
    private const int ShardKeys = 4096;

    private readonly Rows<Sighting> _sightings = new();
    private readonly Dictionary<SignatureHash, Seen> _seen = [];

    /// <summary>Sightings added.</summary>
    public int Count => _sightings.Count;

    /// <summary>Adds a sighting; those of one signature in the order of their LSNs.</summary>
    public void Add(in Signature signature, int block)
    {
        var hash = SignatureHash.Of(objectId, in signature);
        ref var seen = ref CollectionsMarshal.GetValueRefOrAddDefault(_seen, hash, out var isKnown);
        if (isKnown)
        {
            _sightings[seen.Last].HasNext = true;
        }

        _sightings.Add(new Sighting { Hash = hash.Sighting(seen.Count), Block = block });
        seen = new Seen(seen.Count + 1, _sightings.Count - 1);
    }

    /// <summary>Writes the index.</summary>
    /// <param name="blocks">Blocks of the object.</param>
    public byte[] Write(int blocks)
    {
        var shardBits = 0;
        while ((long)ShardKeys << shardBits < _sightings.Count)
        {
            shardBits++;
        }

        var blockBits = Math.Max(1, 32 - BitOperations.LeadingZeroCount((uint)(blocks - 1)));
        var shards = Split(shardBits);
        var (head, arrays) = (new ByteArena(), new ByteArena());
        NumberWriter.Number(head, (ulong)_sightings.Count);
        head.Add((byte)shardBits);
        head.Add((byte)blockBits);
        foreach (var shard in shards)
        {
            NumberWriter.Number(head, (ulong)shard.Count);
            head.Add(Write(CollectionsMarshal.AsSpan(shard), blockBits, arrays));
        }

        head.Add(arrays.Written);

        // A value is read with the 8 bytes that it begins in.
        NumberWriter.Fixed64(head, 0);
        return head.Written.ToArray();
    }

    private List<int>[] Split(int shardBits)
    {
        var shards = new List<int>[1 << shardBits];
        for (var i = 0; i < shards.Length; i++)
        {
            shards[i] = new List<int>(ShardKeys);
        }

        for (var i = 0; i < _sightings.Count; i++)
        {
            shards[_sightings[i].Hash.Shard(shardBits)].Add(i);
        }

        return shards;
    }

    private byte Write(ReadOnlySpan<int> shard, int blockBits, ByteArena arrays)
    {
        var (hashes, values) = (new ulong[shard.Length], new ulong[shard.Length]);
        for (var i = 0; i < shard.Length; i++)
        {
            ref readonly var sighting = ref _sightings[shard[i]];
            hashes[i] = sighting.Hash.Low;
            values[i] = SignatureIndex.Value(sighting.Hash.Check, sighting.HasNext, sighting.Block);
        }

        var slots = new ulong[StaticFunction.SlotsOf(shard.Length)];
        var seed = StaticFunction.Build(hashes, values, slots);
        var width = SignatureIndex.WidthOf(blockBits);
        var bytes = SignatureIndex.BytesOf(shard.Length, width);

        // Room to write the last value with the 8 bytes that it begins in; given back afterwards.
        var at = arrays.Reserve(bytes + sizeof(ulong));
        var array = arrays[at, bytes + sizeof(ulong)];
        array.Clear();
        for (var i = 0; i < slots.Length; i++)
        {
            var bit = (long)i * width;
            var place = array[(int)(bit >> 3)..];
            BinaryPrimitives.WriteUInt64LittleEndian(place, BinaryPrimitives.ReadUInt64LittleEndian(place) | (slots[i] << (int)(bit & 7)));
        }

        arrays.Cut(at + bytes);
        return seed;
    }

    private readonly record struct Seen(uint Count, int Last);

    private struct Sighting
    {
        public SignatureHash Hash;
        public int Block;
        public bool HasNext;
    }
}
