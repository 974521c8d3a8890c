using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Mev.Sdk.Storage.Archive.Coding;

namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>The keys of a block by id, in order of first appearance, the well-known ones first.</summary>
/// <remarks>
/// Only encoders find keys by their bytes. Anybody may choose the bytes of a key, so that the slots are spread by multipliers that are drawn at start.
/// </remarks>
internal sealed class KeyTable
{
    private static readonly ulong[] Multipliers = [Draw(), Draw(), Draw(), Draw()];

    private readonly bool _finds;
    private readonly Rows<KeyRow> _rows = new();
    private int[] _slots = new int[1 << 12]; // id + 1

    public KeyTable(bool finds) => _finds = finds;

    public int Count => _rows.Count;

    /// <summary>Bits that any id fits into.</summary>
    public int IdBits { get; private set; }

    public ref KeyRow this[int id] => ref _rows[id];

    public void Clear()
    {
        _rows.Clear();
        Array.Clear(_slots);
        IdBits = 1;
        foreach (var key in WellKnownKeys.All)
        {
            Add(in key);
        }
    }

    /// <summary>Adds a key; when decoding one that is derived, its bytes follow by <see cref="Resolve"/>.</summary>
    /// <returns>Its id.</returns>
    public int Add(in Pubkey key)
    {
        var id = _rows.Count;
        ref var row = ref _rows.Add();
        (row.Key, row.Stamp, row.Mint, row.Owner, row.Program) = (key, -1, KeyRow.Unknown, KeyRow.Unknown, KeyRow.Unknown);
        IdBits = 32 - System.Numerics.BitOperations.LeadingZeroCount((uint)_rows.Count);
        if (_finds && 2 * _rows.Count > _slots.Length)
        {
            Grow();
        }
        else if (_finds)
        {
            Insert(id);
        }

        return id;
    }

    /// <summary>Sets the bytes of a key that was added without.</summary>
    public void Resolve(int id, in Pubkey key) => (_rows[id].Key, _rows[id].IsPending) = (key, false);

    /// <summary>The id of a key, or -1. Only encoders ask by bytes.</summary>
    public int Find(in Pubkey key) => Find(Pubkey.AsSpan(in key));

    /// <summary>The id of the key that these 32 bytes are, or -1.</summary>
    public int Find(ReadOnlySpan<byte> key)
    {
        for (var slot = SlotOf(key); _slots[slot] != 0; slot = (slot + 1) & (_slots.Length - 1))
        {
            var id = _slots[slot] - 1;
            if (Pubkey.AsSpan(in _rows[id].Key).SequenceEqual(key))
            {
                return id;
            }
        }

        return KeyRow.Unknown;
    }

    private int SlotOf(ReadOnlySpan<byte> key)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(key);
        var high = Math.BigMul(words[0] ^ Multipliers[0], words[1] ^ Multipliers[1], out var low);
        var more = Math.BigMul(words[2] ^ Multipliers[2], words[3] ^ Multipliers[3], out var rest);
        return (int)(high ^ low ^ more ^ rest) & (_slots.Length - 1);
    }

    private static ulong Draw() => BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    private void Insert(int id)
    {
        var slot = SlotOf(Pubkey.AsSpan(in _rows[id].Key));
        while (_slots[slot] != 0)
        {
            slot = (slot + 1) & (_slots.Length - 1);
        }

        _slots[slot] = id + 1;
    }

    private void Grow()
    {
        _slots = new int[_slots.Length * 2];
        for (var id = 0; id < _rows.Count; id++)
        {
            Insert(id);
        }
    }
}
