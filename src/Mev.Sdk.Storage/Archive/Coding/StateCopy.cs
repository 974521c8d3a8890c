using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mev.Sdk.Storage.Archive.Coding;

/// <summary>Copies what adapts into a snapshot or back; every column lists its state once, for both directions, so that they cannot disagree.</summary>
internal sealed class StateCopy
{
    private readonly BlockSnapshot _snapshot;
    private int _at;

    private StateCopy(BlockSnapshot snapshot, bool isSaving) => (_snapshot, IsSaving) = (snapshot, isSaving);

    /// <summary>Whether state goes into the snapshot.</summary>
    public bool IsSaving { get; }

    public static StateCopy Into(BlockSnapshot snapshot)
    {
        snapshot.State.Clear();
        return new StateCopy(snapshot, isSaving: true);
    }

    public static StateCopy From(BlockSnapshot snapshot) => new(snapshot, isSaving: false);

    /// <summary>A table of fixed size.</summary>
    public void Table<T>(Span<T> table)
        where T : unmanaged => Bytes(MemoryMarshal.AsBytes(table));

    /// <summary>A single value.</summary>
    public void Value<T>(ref T value)
        where T : unmanaged => Bytes(MemoryMarshal.AsBytes(new Span<T>(ref value)));

    /// <summary>A list that grows.</summary>
    public void List<T>(Rows<T> rows)
        where T : unmanaged
    {
        var count = rows.Count;
        Value(ref count);
        rows.SetCount(count);
        Bytes(MemoryMarshal.AsBytes(rows.All));
    }

    /// <summary>Bytes that grow.</summary>
    public void Arena(ByteArena arena)
    {
        var length = arena.Length;
        Value(ref length);
        if (!IsSaving)
        {
            arena.Clear();
            arena.Reserve(length);
        }

        Bytes(arena[0, length]);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Bytes(Span<byte> bytes)
    {
        if (IsSaving)
        {
            _snapshot.State.Add(bytes);
        }
        else
        {
            _snapshot.State[_at, bytes.Length].CopyTo(bytes);
            _at += bytes.Length;
        }
    }
}
