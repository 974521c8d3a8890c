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
    private const int FollowerBits = 14;
    private const int LongestRun = 31;
    private const uint LeastReferred = 4096;

    // What the byte before was, for the one that follows.
    private const uint Begin = 0;
    private const uint Same = 1;
    private const uint Changed = 2;
    private const uint Reference = 3;

    private readonly BytePlace[] _places = new BytePlace[Places];
    private readonly Follower[] _followers = new Follower[1 << FollowerBits];
    private bool _sawPending;

    public void Clear()
    {
        Array.Clear(_places);
        Array.Clear(_followers);
    }

    public void Copy(StateCopy copy)
    {
        copy.Table(_places.AsSpan());
        copy.Table(_followers.AsSpan());
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
        var stream = (FlagFamily)coder.Stream;
        var kind = Context.Of(900, (uint)stream);
        var before = Begin;
        var noRunBefore = 0;
        var tail = from > 0 ? bytes[from - 1] : 256u; // the last bytes, the newest lowest
        _sawPending = false;
        // Places of one shape lie side by side: data is read from its start, and so is memory.
        var first = Context.Of(shape, 500);
        for (var at = from; at < bytes.Length;)
        {
            ref var place = ref At((int)((first >> (32 - Bits)) + (uint)at) & (Places - 1), first + (uint)at);
            var canRefer = at + sizeof(ulong) <= bytes.Length;
            var isLiteral = place.IsSet && place.Kind == ByteKind.Literal;
            if (isLiteral && at >= noRunBefore && place.IsStable)
            {
                // Bytes that have been the same for some time are told to be so all at once.
                var run = RunFrom(first, at, bytes.Length);
                if (run > 1)
                {
                    if (coder.Flag(FlagFamily.Run, (uint)run, !coder.IsDecoding && IsRun(first, at, bytes.Slice(at, run))))
                    {
                        FillRun(first, at, bytes.Slice(at, run));
                        at += run;
                        (before, tail) = (Same, (uint)(bytes[at - 1] | (bytes[at - 2] << 8)));
                        continue;
                    }

                    noRunBefore = at + run;
                }
            }

            var found = Found.Nothing;
            if (!coder.IsDecoding && canRefer && !(isLiteral && bytes[at] == place.Last && (place.Sames & 1) != 0))
            {
                found = Search(in place, bytes[at..]);
            }

            // What stood here last is asked for first: a byte or a reference.
            ref var literal = ref bytes[at];
            var isRandom = isLiteral && place.Changes >= BytePlace.AtRandom;
            if (isLiteral && !isRandom && coder.Flag(FlagFamily.SameByte + (int)stream, SameContext(in place, before), literal == place.Last && !found.IsAny))
            {
                literal = place.Last;
                before = Same;
            }
            else if (canRefer && coder.Flag(FlagFamily.Reference + (int)stream, ReferenceContext(in place, before), found.IsAny))
            {
                at += CodeReference(kind, ref place, bytes[at..], in found, modelAt + at, caller);
                (before, tail) = (Reference, 257);
                continue;
            }
            else
            {
                literal = CodeLiteral(kind, in place, first + (uint)at, before, tail, isLiteral && !isRandom, literal);
                before = place.Sames != 0 && literal == place.Last ? Same : Changed;
            }

            tail = (tail << 8) | literal;
            place.Follow(literal);
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
        if (state.Coder.Flag(FlagFamily.Reference + (int)state.Coder.Stream, memory.IsSet ? ((uint)memory.Kind * 64) + memory.Repeats : 192, found >= 0))
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

    private ref BytePlace Place(uint first, int at) => ref _places[(int)((first >> (32 - Bits)) + (uint)at) & (Places - 1)];

    private int RunFrom(uint first, int at, int length)
    {
        var end = Math.Min(length, at + LongestRun);
        var next = at + 1;
        while (next < end)
        {
            ref readonly var place = ref Place(first, next);
            if (place.Name != first + (uint)next || place.Kind != ByteKind.Literal || !place.IsStable)
            {
                break;
            }

            next++;
        }

        return next - at;
    }

    private bool IsRun(uint first, int at, ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != Place(first, at + i).Last)
            {
                return false;
            }
        }

        return true;
    }

    private void FillRun(uint first, int at, Span<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = Place(first, at + i).Last;
        }
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

    private static uint SameContext(in BytePlace place, uint before) => place.Sames + (before * 32) + (place.Last == 0 ? 128u : 0);

    private static uint ReferenceContext(in BytePlace place, uint before) =>
        place.IsSet ? ((uint)place.Kind * 64) + (before * 16) + (place.Kind == ByteKind.Literal ? Math.Min((uint)place.Changes, 15) : place.Repeats) : 192 + before;

    // A byte that is not what stood here.
    private byte CodeLiteral(uint kind, in BytePlace place, uint name, uint before, uint tail, bool isNotLast, byte literal)
    {
        var coder = state.Coder;
        tail &= 0xFFFFFF;
        ref var follower = ref _followers[Context.Of(tail, 53) >> (32 - FollowerBits)];
        var isKnown = follower.IsOf(tail) && !(isNotLast && follower.Next == place.Last);
        if (isKnown && coder.Flag(FlagFamily.Followed, follower.Confidence + (isNotLast ? 16u : 0), literal == follower.Next))
        {
            literal = follower.Next;
            follower.Follow(tail, literal);
            return literal;
        }

        if (place.Sames == 0)
        {
            literal = coder.Byte(Context.Of(kind, 52, (tail & 0xFF) == 0 ? 1u : tail == 257 ? 2u : 0u), literal);
        }
        else if (place.Changes >= BytePlace.AtRandom)
        {
            literal = (byte)coder.Plain(literal, 8);
        }
        else
        {
            var high = coder.Nibble(Context.Of(name, 50), literal >> 4);
            literal = (byte)((high << 4) | coder.Nibble(Context.Of(name, (uint)high, 51), literal & 15));
        }

        follower.Follow(tail, literal);
        return literal;
    }

    private Found Search(in BytePlace place, ReadOnlySpan<byte> bytes)
    {
        var id = bytes.Length >= Pubkey.Size ? state.Keys.Find(bytes[..Pubkey.Size]) : KeyRow.Unknown;
        return id >= 0 ? new Found(id, -1) : new Found(id, Find(BinaryPrimitives.ReadUInt64LittleEndian(bytes), Expected(in place)));
    }

    // A key or a value that is known. Returns how many bytes it has.
    private int CodeReference(uint kind, ref BytePlace place, Span<byte> bytes, in Found found, int modelAt, ReadOnlySpan<byte> caller)
    {
        var coder = state.Coder;
        if (bytes.Length < Pubkey.Size || !coder.Flag(Context.Of(kind, 41, place.IsSet ? (uint)place.Kind : 3u), found.Id >= 0))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, CodeValue(kind, ref place, found.At, Expected(in place)));
            return sizeof(ulong);
        }

        var id = CodeKey(kind, ref place, found.Id, caller);
        if (state.Keys[id].IsPending)
        {
            _sawPending = true;
            state.Patches.Add(new Patch { Id = id, At = modelAt });
        }

        if (coder.IsDecoding)
        {
            state.Keys.Bytes(id).CopyTo(bytes);
        }

        place.Was(ByteKind.Key);
        return Pubkey.Size;
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

    /// <summary>What an encoder found that a piece of data repeats: a key, or a value by its place in the history.</summary>
    private readonly record struct Found(int Id, int At)
    {
        public static Found Nothing => new(KeyRow.Unknown, -1);

        public bool IsAny => Id >= 0 || At >= 0;
    }
}
