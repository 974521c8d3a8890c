using Mev.Sdk.Storage.Archive.Coding;
using Mev.Sdk.Storage.Archive.Transactions;

namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>Address lookups, and with a meta the keys that they loaded: an entry of a table is always the same key.</summary>
internal sealed class LookupColumn(BlockState state, KeyColumn keys)
{
    private const int EntryBits = 13;

    private readonly Entry[] _entries = new Entry[1 << EntryBits];
    private readonly GuessTable _afterOne = new();
    private readonly GuessTable _afterTwo = new();
    private readonly List<int> _writable = [];
    private readonly List<int> _readonly = [];
    private int _lastTable;

    public void Clear()
    {
        Array.Clear(_entries);
        _afterOne.Clear();
        _afterTwo.Clear();
        _lastTable = KeyRow.Unknown;
    }

    public void Copy(StateCopy copy)
    {
        copy.Table(_entries.AsSpan());
        _afterOne.Copy(copy);
        _afterTwo.Copy(copy);
        copy.Value(ref _lastTable);
    }

    /// <summary>Codes them.</summary>
    /// <param name="derived">Encoding: which keys, by position, follow from the rest of the transaction.</param>
    public void Code(ReadOnlySpan<bool> derived)
    {
        var (coder, model) = (state.Coder, state.Model);
        if (model.Format != TransactionModel.Version0)
        {
            return;
        }

        _writable.Clear();
        _readonly.Clear();
        coder.Stream = StreamKind.Lookups;
        var count = state.Numbers.Count(Context.Of(90, (uint)state.Ids[0]), 90, model.Lookups.Count, TransactionModel.MaxKeys);
        var (writableAt, readonlyAt) = (model.StaticKeys, model.StaticKeys + model.LoadedWritable);
        var last = -30;
        for (var i = 0; i < count; i++)
        {
            if (coder.IsDecoding)
            {
                model.Lookups.Add();
            }

            ref var lookup = ref model.Lookups[i];
            coder.Stream = StreamKind.Lookups;
            var table = keys.Next(91, coder.IsDecoding ? KeyRow.Unknown : state.Keys.Find(in lookup.Table), in lookup.Table, last, -6, last < 0 ? _lastTable : KeyRow.Unknown, null);
            lookup.Table = state.Keys.Bytes(table);
            (last, _lastTable) = (table, table);
            coder.Stream = StreamKind.Lookups;
            lookup.WritableCount = state.Numbers.Count(Context.Of(92, (uint)table), 92, lookup.WritableCount, TransactionModel.MaxKeys);
            lookup.ReadonlyCount = state.Numbers.Count(Context.Of(93, (uint)table), 93, lookup.ReadonlyCount, TransactionModel.MaxKeys);
            if (coder.IsDecoding)
            {
                lookup.WritableAt = model.Bytes.Reserve(lookup.WritableCount);
                lookup.ReadonlyAt = model.Bytes.Reserve(lookup.ReadonlyCount);
            }

            CodeEntries(table, 0, model.Bytes[lookup.WritableAt, lookup.WritableCount], ref writableAt, _writable, derived);
            CodeEntries(table, 1, model.Bytes[lookup.ReadonlyAt, lookup.ReadonlyCount], ref readonlyAt, _readonly, derived);
        }

        if (coder.IsDecoding)
        {
            (model.LoadedWritable, model.LoadedReadonly) = (_writable.Count, _readonly.Count);
        }

        if (model.HasMeta)
        {
            _writable.ForEach(state.Place);
            _readonly.ForEach(state.Place);
        }
    }

    private void CodeEntries(int table, uint side, Span<byte> entries, ref int keyAt, List<int> ids, ReadOnlySpan<bool> derived)
    {
        var (coder, model) = (state.Coder, state.Model);
        var (last, beforeLast) = (-20 - (int)side, table);
        foreach (ref var entry in entries)
        {
            ref var two = ref _afterTwo[Context.Of((uint)last, (uint)beforeLast, (uint)table, 35)];
            ref var one = ref _afterOne[Context.Of((uint)last, (uint)table, 36)];
            coder.Stream = StreamKind.Lookups;
            int index = entry;
            if (two.Value >= 0 && coder.Flag(Context.Of(94, two.Confidence), index == two.Value))
            {
                index = two.Value;
            }
            else if (one.Value >= 0 && one.Value != two.Value && coder.Flag(Context.Of(95, one.Confidence), index == one.Value))
            {
                index = one.Value;
            }
            else
            {
                index = coder.Byte(96, entry);
            }

            two.Follow(index);
            one.Follow(index);
            entry = (byte)index;
            (beforeLast, last) = (last, index);
            var id = KeyRow.Unknown;
            if (model.HasMeta)
            {
                var name = Context.Of((uint)table, (uint)index, 38);
                ref var place = ref _entries[name >> (32 - EntryBits)];
                var key = coder.IsDecoding ? default : model.Keys[keyAt];
                var isDerived = !coder.IsDecoding && derived[keyAt];
                keyAt++;
                coder.Stream = StreamKind.LoadedKeys;
                id = keys.Expected(97, coder.IsDecoding ? KeyRow.Unknown : state.Keys.Find(in key), in key, place.Name == name ? place.Key - 1 : KeyRow.Unknown, isDerived);
                (place.Name, place.Key) = (name, id + 1);
            }

            ids.Add(id);
        }
    }

    /// <summary>The key that an entry of a table loaded; one more than its id, so that a cleared table knows nothing.</summary>
    private struct Entry
    {
        public uint Name;
        public int Key;
    }
}
