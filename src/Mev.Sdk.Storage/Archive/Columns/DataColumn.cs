using System.Buffers.Binary;
using System.Numerics;
using Mev.Sdk.Storage.Archive.Coding;
using Mev.Sdk.Storage.Archive.Transactions;

namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>Bytes without a schema: data of instructions, events in logs, return data. What data of the same shape did the last time is the guide.</summary>
internal sealed class DataColumn(BlockState state)
{
    private const int Bits = 15;
    private const int Places = 1 << Bits;
    private const uint LeastReferred = 4096;

    private bool _sawPending;
    private readonly BytePlace[] _places = new BytePlace[Places];
    private readonly uint[] _same = new uint[Places];
    private readonly uint[] _high = new uint[Places * 16];

    public void Clear()
    {
        Array.Clear(_places);
        Array.Fill(_same, SymbolCoder.Fresh);
        Array.Fill(_high, SymbolCoder.Fresh);
    }

    public void Copy(StateCopy copy)
    {
        copy.Table(_places.AsSpan());
        copy.Table(_same.AsSpan());
        copy.Table(_high.AsSpan());
    }

    /// <summary>Codes bytes.</summary>
    /// <param name="shape">What is known of them; the same for data that is built the same.</param>
    /// <param name="bytes">The bytes, filled when decoding.</param>
    /// <param name="from">How many of them are known already.</param>
    /// <param name="modelAt">Where they lie in the model's bytes; not negative only for data of instructions, which may name keys that are derived later.</param>
    /// <param name="caller">Accounts that keys within the data are likely to be.</param>
    /// <returns>Whether a key among them has no bytes yet; see <see cref="BlockState.Patches"/>.</returns>
    public bool Code(uint shape, Span<byte> bytes, int from, int modelAt, ReadOnlySpan<byte> caller)
    {
        var coder = state.Coder;
        var kind = Context.Of(900, (uint)coder.Stream);
        var before = 2u; // of what kind the byte before was: zero, other, or not told
        _sawPending = false;
        // Places of one shape lie side by side: data is read from its start, and so is memory.
        var first = Context.Of(shape, 500);
        for (var at = from; at < bytes.Length;)
        {
            var slot = (int)((first >> (32 - Bits)) + (uint)at) & (Places - 1);
            ref var place = ref At(slot, first + (uint)at);
            if (at + sizeof(ulong) <= bytes.Length && TryReference(kind, ref place, bytes[at..], modelAt + at, caller, out var length))
            {
                at += length;
                before = 2;
                continue;
            }

            ref var literal = ref bytes[at];
            if (!place.IsSet)
            {
                literal = coder.Byte(Context.Of(kind, 52, before), literal);
            }
            else
            {
                literal = coder.Flag(ref _same[slot], literal == place.Last) ? place.Last : Changed(slot, first + (uint)at, literal);
            }

            before = literal == 0 ? 1u : 0;
            place.Last = literal;
            place.Was(ByteKind.Literal);
            at++;
        }

        return _sawPending;
    }

    /// <summary>Codes a number that the transaction may have said before.</summary>
    public ulong Value(uint place, uint kind, ulong value)
    {
        ref var memory = ref At(place);
        var expected = Expected(in memory);
        var found = state.IsDecoding ? -1 : Find(value, expected);
        var context = memory.IsSet ? Context.Of(kind, 20, ((uint)memory.Kind * 16) + memory.Repeats) : Context.Of(kind, 21);
        if (state.Coder.Flag(context, found >= 0))
        {
            return CodeValue(kind, ref memory, found, expected);
        }

        value = state.Numbers.Number(Context.Of(place, 9), Context.Of(kind, 3), value, 4);
        memory.Was(ByteKind.Literal);
        state.History.Add(value);
        return value;
    }

    /// <summary>Codes a known key.</summary>
    public int Key(uint place, uint kind, int id, ReadOnlySpan<byte> caller)
    {
        ref var memory = ref At(place);
        id = CodeKey(kind, ref memory, id, caller);
        memory.Was(ByteKind.Key);
        return id;
    }

    private ref BytePlace At(uint name) => ref At((int)(name >> (32 - Bits)), name);

    private ref BytePlace At(int slot, uint name)
    {
        ref var place = ref _places[slot];
        if (place.Name != name)
        {
            place = new BytePlace { Name = name, Key = KeyRow.Unknown };
        }

        return ref place;
    }

    private byte Changed(int slot, uint name, byte literal)
    {
        var coder = state.Coder;
        var high = coder.Nibble(_high.AsSpan(slot * 16, 16), literal >> 4);
        return (byte)((high << 4) | coder.Nibble(Context.Of(name, (uint)high, 51), literal & 15));
    }

    // A key or a value that is known, and how many bytes it has.
    private bool TryReference(uint kind, ref BytePlace place, Span<byte> bytes, int modelAt, ReadOnlySpan<byte> caller, out int length)
    {
        var coder = state.Coder;
        length = sizeof(ulong);
        var (id, value, found, expected) = (KeyRow.Unknown, 0UL, -1, Expected(in place));
        if (!coder.IsDecoding)
        {
            id = bytes.Length >= Pubkey.Size ? state.Keys.Find(bytes[..Pubkey.Size]) : KeyRow.Unknown;
            value = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            found = id >= 0 ? -1 : Find(value, expected);
        }

        var context = place.IsSet ? Context.Of(kind, 20, ((uint)place.Kind * 16) + place.Repeats) : Context.Of(kind, 21);
        if (!coder.Flag(context, id >= 0 || found >= 0))
        {
            return false;
        }

        if (bytes.Length < Pubkey.Size || !coder.Flag(Context.Of(kind, 41, place.IsSet ? (uint)place.Kind : 3u), id >= 0))
        {
            value = CodeValue(kind, ref place, found, expected);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            return true;
        }

        length = Pubkey.Size;
        id = CodeKey(kind, ref place, id, caller);
        if (state.Keys[id].IsPending)
        {
            _sawPending = true;
            state.Patches.Add(new Patch { Id = id, At = modelAt });
        }

        if (state.IsDecoding)
        {
            state.Keys.Bytes(id).CopyTo(bytes);
        }

        place.Was(ByteKind.Key);
        return true;
    }

    private int CodeKey(uint kind, ref BytePlace place, int id, ReadOnlySpan<byte> caller)
    {
        var coder = state.Coder;
        var found = KeyRow.Unknown;
        if (place.IsSet && place.Kind == ByteKind.Key)
        {
            var trust = Math.Min((uint)place.Repeats, 7);
            var byAccount = place.Account < caller.Length && caller[place.Account] < state.KeyCount ? state.Ids[caller[place.Account]] : KeyRow.Unknown;
            var byPosition = place.Position < state.KeyCount ? state.Ids[place.Position] : KeyRow.Unknown;
            if (byAccount >= 0 && coder.Flag(Context.Of(kind, 60, trust), id == byAccount))
            {
                found = byAccount;
            }
            else if (place.Key >= 0 && place.Key != byAccount && coder.Flag(Context.Of(kind, 61, trust), id == place.Key))
            {
                found = place.Key;
            }
            else if (byPosition >= 0 && byPosition != byAccount && byPosition != place.Key && coder.Flag(Context.Of(kind, 62), id == byPosition))
            {
                found = byPosition;
            }
        }

        if (found < 0)
        {
            found = state.KeyCount > 0 && coder.Flag(Context.Of(kind, 63), id >= 0 && state.IsInTransaction(id))
                ? state.PositionedKey(Context.Of(kind, 64), id)
                : state.KnownKey(Context.Of(kind, 65), id);
        }

        place.Key = found;
        place.Position = state.IsInTransaction(found) ? state.Keys[found].Position : byte.MaxValue;
        place.Account = BytePlace.NoAccount;
        for (var i = 0; i < caller.Length && i < BytePlace.NoAccount; i++)
        {
            if (caller[i] < state.KeyCount && state.Ids[caller[i]] == found)
            {
                place.Account = (byte)i;
                break;
            }
        }

        return found;
    }

    // Where the value stood that this place referred to the last time, or -1.
    private int Expected(in BytePlace place)
    {
        var history = state.History;
        if (!place.IsSet || place.Kind != ByteKind.Value || !history.Sections.IsSet(place.Section))
        {
            return -1;
        }

        var expected = history.Sections.StartOf(place.Section) + place.Offset;
        return history.Holds(expected) ? expected : -1;
    }

    private int Find(ulong value, int expected) =>
        expected >= 0 && state.History.Read(expected) == value ? expected : value >= LeastReferred ? state.History.Find(value) : -1;

    private ulong CodeValue(uint kind, ref BytePlace place, int found, int expected)
    {
        var (coder, history) = (state.Coder, state.History);
        if (expected < 0 || !coder.Flag(Context.Of(kind, 22, Math.Min((uint)place.Repeats, 7)), found == expected))
        {
            var section = coder.Nibble(Context.Of(kind, 23, (uint)place.Kind), history.Sections.SectionOf(found), 3);
            if (section >= HistorySections.Count || !history.Sections.IsSet(section))
            {
                throw new InvalidDataException("A reference counts from a part that the transaction does not have.");
            }

            var start = history.Sections.StartOf(section);
            var length = history.Sections.LengthOf(section, history.Length);
            var offset = coder.Symbol(Context.Of(kind, 24, (uint)section), found - start, 32 - BitOperations.LeadingZeroCount((uint)length));
            (place.Section, place.Offset) = ((byte)section, offset);
            expected = start + offset;
        }

        place.Was(ByteKind.Value);
        return history.Holds(expected) ? history.Read(expected) : throw new InvalidDataException("A reference leads outside of what the transaction said.");
    }
}
