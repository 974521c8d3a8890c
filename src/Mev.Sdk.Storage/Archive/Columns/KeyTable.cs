using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Mev.Sdk.Storage.Archive.Coding;

namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>The keys of a block by id: the well-known ones, those of the dictionary, then in order of first appearance.</summary>
/// <remarks>
/// Only encoders find keys by their bytes. Anybody may choose the bytes of a key, so that the slots are spread by multipliers that are drawn at start. What every block starts with
/// may be 65,624 keys: it is never copied; what a block changed of it is undone by a list.
/// </remarks>
internal sealed class KeyTable
{
    /// <summary>Most keys of a dictionary.</summary>
    public const int MaxDictionary = 1 << 16;

    private static readonly ulong[] Multipliers = [Draw(), Draw(), Draw(), Draw()];

    private readonly bool _finds;
    private readonly int _fixed;
    private readonly Rows<Pubkey> _keys = new();
    private readonly Rows<KeyRow> _rows = new();
    private readonly Rows<int> _touched = new();
    private readonly Rows<int> _inserted = new(); // slots of the keys behind the fixed ones
    private readonly ulong[] _marks = new ulong[(1 << 16) / 64]; // of two bytes, that a key may have: most data is no key, and this tells
    private int[] _slots = new int[1 << 12]; // id + 1
    private BlockSnapshot? _root;
    private int _rootVersion;

    /// <summary>Creates a table.</summary>
    /// <param name="finds">Whether keys are found by their bytes.</param>
    /// <param name="dictionary">Keys that every block knows, at most <see cref="MaxDictionary"/>, none twice; copied.</param>
    /// <exception cref="ArgumentException">A dictionary of too many keys, or with one twice.</exception>
    public KeyTable(bool finds, ReadOnlySpan<Pubkey> dictionary)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dictionary.Length, MaxDictionary);
        _finds = true; // for the check below, and of use to encoders only
        foreach (var key in WellKnownKeys.All)
        {
            Add(in key);
        }

        foreach (ref readonly var key in dictionary)
        {
            // One that is well known has its id already, and is not there twice.
            if (Find(in key) < 0)
            {
                Add(in key);
            }
        }

        Dictionary = 1 + BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(MemoryMarshal.AsBytes(dictionary))) / 2;
        _fixed = _rows.Count;
        _inserted.Clear();
        _finds = finds;
        if (!finds)
        {
            _slots = [];
        }
    }

    /// <summary>Names the dictionary that the table starts with; never 0.</summary>
    public ulong Dictionary { get; }

    public int Count => _rows.Count;

    /// <summary>Bits that any id fits into.</summary>
    public int IdBits { get; private set; }

    /// <summary>What is known of a key; see <see cref="Change"/>.</summary>
    public ref readonly KeyRow this[int id] => ref _rows[id];

    /// <summary>The bytes of a key.</summary>
    public ref readonly Pubkey Bytes(int id) => ref _keys[id];

    /// <summary>What is known of a key, to be changed; valid until a key is added.</summary>
    public ref KeyRow Change(int id)
    {
        ref var row = ref _rows[id];
        if (id < _fixed && !row.IsTouched)
        {
            row.IsTouched = true;
            _touched.Add(id);
        }

        return ref row;
    }

    /// <summary>Forgets everything but what every block starts with.</summary>
    public void Clear()
    {
        Undo();
        Cut(_fixed);
        Array.Clear(_marks);
        for (var id = 0; _finds && id < _fixed; id++)
        {
            Mark(in _keys[id]);
        }

        _root = null;
    }

    /// <summary>Saves what a root block learned.</summary>
    public void Save(BlockSnapshot snapshot)
    {
        snapshot.Keys.Clear();
        snapshot.Learned.Clear();
        snapshot.Known.Clear();
        snapshot.Keys.Add(_keys.Written[_fixed..]);
        snapshot.Learned.Add(_rows.Written[_fixed..]);
        foreach (var id in _touched.Written)
        {
            snapshot.Known.Add(new KnownRow { Id = id, Row = _rows[id] });
        }

        (_root, _rootVersion) = (snapshot, snapshot.Version);
    }

    /// <summary>Starts where a root block ended.</summary>
    public void Restore(BlockSnapshot snapshot)
    {
        Undo();
        var count = _fixed + snapshot.Keys.Count;
        if (ReferenceEquals(_root, snapshot) && _rootVersion == snapshot.Version)
        {
            Cut(count);
        }
        else
        {
            Cut(_fixed);
            foreach (ref readonly var key in snapshot.Keys.Written)
            {
                Add(in key);
            }

            (_root, _rootVersion) = (snapshot, snapshot.Version);
        }

        snapshot.Learned.Written.CopyTo(_rows.All[_fixed..]);
        foreach (ref readonly var known in snapshot.Known.Written)
        {
            _rows[known.Id] = known.Row;
            _touched.Add(known.Id);
        }
    }

    /// <summary>Adds a key; when decoding one that is derived, its bytes follow by <see cref="Resolve"/>.</summary>
    /// <returns>Its id.</returns>
    public int Add(in Pubkey key)
    {
        var id = _rows.Count;
        _keys.Add() = key;
        _rows.Add() = KeyRow.Fresh;
        IdBits = BitsOf(_rows.Count);
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
    public void Resolve(int id, in Pubkey key)
    {
        _keys[id] = key;
        _rows[id].IsPending = false;
    }

    /// <summary>The id of a key, or -1. Only encoders ask by bytes.</summary>
    public int Find(in Pubkey key) => Find(Pubkey.AsSpan(in key));

    /// <summary>The id of the key that these 32 bytes are, or -1.</summary>
    public int Find(ReadOnlySpan<byte> key)
    {
        var mark = MarkOf(key);
        if ((_marks[mark >> 6] >> (mark & 63) & 1) == 0)
        {
            return KeyRow.Unknown;
        }

        for (var slot = SlotOf(key); _slots[slot] != 0; slot = (slot + 1) & (_slots.Length - 1))
        {
            var id = _slots[slot] - 1;
            if (Pubkey.AsSpan(in _keys[id]).SequenceEqual(key))
            {
                return id;
            }
        }

        return KeyRow.Unknown;
    }

    // Never the first bytes: keys that were ground start with letters that somebody chose.
    private static int MarkOf(ReadOnlySpan<byte> key) => BinaryPrimitives.ReadUInt16LittleEndian(key[14..]);

    private void Mark(in Pubkey key)
    {
        var mark = MarkOf(Pubkey.AsSpan(in key));
        _marks[mark >> 6] |= 1UL << (mark & 63);
    }

    private static int BitsOf(int count) => 32 - System.Numerics.BitOperations.LeadingZeroCount((uint)count);

    private static ulong Draw() => BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    private void Undo()
    {
        foreach (var id in _touched.Written)
        {
            _rows[id] = KeyRow.Fresh;
        }

        _touched.Clear();
    }

    // Slots are freed in the opposite order of being taken, so that no chain is broken.
    private void Cut(int count)
    {
        while (_inserted.Count > count - _fixed)
        {
            _slots[_inserted[_inserted.Count - 1]] = 0;
            _inserted.SetCount(_inserted.Count - 1);
        }

        _keys.SetCount(count);
        _rows.SetCount(count);
        IdBits = BitsOf(count);
    }

    private int SlotOf(ReadOnlySpan<byte> key)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(key);
        var high = Math.BigMul(words[0] ^ Multipliers[0], words[1] ^ Multipliers[1], out var low);
        var more = Math.BigMul(words[2] ^ Multipliers[2], words[3] ^ Multipliers[3], out var rest);
        return (int)(high ^ low ^ more ^ rest) & (_slots.Length - 1);
    }

    private void Insert(int id)
    {
        var slot = SlotOf(Pubkey.AsSpan(in _keys[id]));
        while (_slots[slot] != 0)
        {
            slot = (slot + 1) & (_slots.Length - 1);
        }

        _slots[slot] = id + 1;
        Mark(in _keys[id]);
        if (id >= _fixed)
        {
            _inserted.Add(slot);
        }
    }

    private void Grow()
    {
        _slots = new int[_slots.Length * 2];
        _inserted.Clear();
        for (var id = 0; id < _rows.Count; id++)
        {
            Insert(id);
        }
    }
}
