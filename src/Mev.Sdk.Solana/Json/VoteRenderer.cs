using System.Buffers.Binary;
using System.Text.Json;

namespace Mev.Sdk.Solana.Json;

/// <summary>Renders a vote as jsonParsed does; the counterpart of <see cref="VoteInstructionJson"/>.</summary>
internal static class VoteRenderer
{
    /// <summary>Renders an instruction of the vote program.</summary>
    /// <returns>False, with nothing written, for a form that is not described or data that is not what it should be.</returns>
    public static bool TryWrite(Utf8JsonWriter writer, ReadOnlySpan<byte> accounts, ReadOnlySpan<byte> data, string[] keys)
    {
        if (data.Length < sizeof(uint))
        {
            return false;
        }

        var variant = BinaryPrimitives.ReadUInt32LittleEndian(data);
        var vote = default(Ballot);
        var fits = variant switch
        {
            VoteInstructionJson.Vote => accounts.Length == 4 && TryReadPlain(data[sizeof(uint)..], ref vote),
            >= VoteInstructionJson.CompactUpdate and <= VoteInstructionJson.TowerSyncSwitch => accounts.Length == 2 && TryReadCompact(data[sizeof(uint)..], variant, ref vote),
            _ => false,
        };
        if (!fits)
        {
            return false;
        }

        writer.WriteString("program", "vote");
        writer.WriteStartObject("parsed");
        writer.WriteString("type", variant switch
        {
            VoteInstructionJson.Vote => "vote",
            VoteInstructionJson.CompactUpdate => "compactupdatevotestate",
            VoteInstructionJson.CompactUpdateSwitch => "compactupdatevotestateswitch",
            VoteInstructionJson.TowerSync => "towersync",
            _ => "towersyncswitch",
        });
        writer.WriteStartObject("info");
        writer.WriteString("voteAccount", keys.At(accounts[0]));
        if (variant == VoteInstructionJson.Vote)
        {
            writer.WriteString("slotHashesSysvar", keys.At(accounts[1]));
            writer.WriteString("clockSysvar", keys.At(accounts[2]));
        }

        writer.WriteString("voteAuthority", keys.At(accounts[^1]));
        WriteBallot(writer, in vote, variant);
        if (!vote.Proof.IsEmpty)
        {
            writer.WriteString("hash", new Pubkey(vote.Proof).ToString());
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        return true;
    }

    private static void WriteBallot(Utf8JsonWriter writer, in Ballot vote, uint variant)
    {
        writer.WriteStartObject(variant == VoteInstructionJson.Vote ? "vote" : variant >= VoteInstructionJson.TowerSync ? "towerSync" : "voteStateUpdate");
        writer.WriteString("hash", new Pubkey(vote.Hash).ToString());
        WriteNumber(writer, "timestamp", vote.Timestamp);
        if (variant == VoteInstructionJson.Vote)
        {
            writer.WriteStartArray("slots");
            vote.Slots!.ForEach(slot => writer.WriteNumberValue(slot.Slot));
            writer.WriteEndArray();
        }
        else
        {
            if (vote.Root == VoteInstructionJson.NoRoot)
            {
                writer.WriteNull("root");
            }
            else
            {
                writer.WriteNumber("root", vote.Root);
            }

            writer.WriteStartArray("lockouts");
            foreach (var (slot, confirmations) in vote.Slots!)
            {
                writer.WriteStartObject();
                writer.WriteNumber("slot", slot);
                writer.WriteNumber("confirmation_count", confirmations);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        if (!vote.Block.IsEmpty)
        {
            writer.WriteString("blockId", new Pubkey(vote.Block).ToString());
        }

        writer.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, long? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static bool TryReadPlain(ReadOnlySpan<byte> data, ref Ballot vote)
    {
        if (!TryNumber(ref data, out var count) || count > (ulong)data.Length / sizeof(ulong))
        {
            return false;
        }

        vote.Slots = [];
        for (var i = 0; i < (int)count; i++)
        {
            TryNumber(ref data, out var slot);
            vote.Slots.Add((slot, 0));
        }

        return TryTake(ref data, Pubkey.Size, out vote.Hash) && TryTimestamp(ref data, out vote.Timestamp) && data.IsEmpty;
    }

    private static bool TryReadCompact(ReadOnlySpan<byte> data, uint variant, ref Ballot vote)
    {
        if (!TryNumber(ref data, out vote.Root) || !TryVarint(ref data, out var count) || count > (ulong)data.Length / 2)
        {
            return false;
        }

        vote.Slots = [];
        var slot = vote.Root == VoteInstructionJson.NoRoot ? 0 : vote.Root;
        for (var i = 0; i < (int)count; i++)
        {
            if (!TryVarint(ref data, out var distance) || data.IsEmpty || distance > ulong.MaxValue - slot)
            {
                return false;
            }

            slot += distance;
            vote.Slots.Add((slot, data[0]));
            data = data[1..];
        }

        return TryTake(ref data, Pubkey.Size, out vote.Hash) && TryTimestamp(ref data, out vote.Timestamp)
            && (variant < VoteInstructionJson.TowerSync || TryTake(ref data, Pubkey.Size, out vote.Block))
            && (variant is not (VoteInstructionJson.CompactUpdateSwitch or VoteInstructionJson.TowerSyncSwitch) || TryTake(ref data, Pubkey.Size, out vote.Proof))
            && data.IsEmpty;
    }

    private static bool TryTimestamp(scoped ref ReadOnlySpan<byte> data, out long? timestamp)
    {
        timestamp = null;
        if (!TryTake(ref data, 1, out var tag) || tag[0] > 1)
        {
            return false;
        }

        if (tag[0] == 0)
        {
            return true;
        }

        var there = TryNumber(ref data, out var value);
        timestamp = (long)value;
        return there;
    }

    private static bool TryNumber(scoped ref ReadOnlySpan<byte> data, out ulong value)
    {
        value = 0;
        if (!TryTake(ref data, sizeof(ulong), out var bytes))
        {
            return false;
        }

        value = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return true;
    }

    // Only the shortest form, so that what is rendered is rebuilt to the same bytes.
    private static bool TryVarint(scoped ref ReadOnlySpan<byte> data, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 63; shift += 7)
        {
            if (!TryTake(ref data, 1, out var part))
            {
                return false;
            }

            value |= (ulong)(part[0] & 0x7F) << shift;
            if (part[0] < 0x80)
            {
                return part[0] != 0 || shift == 0;
            }
        }

        return false;
    }

    private static bool TryTake(scoped ref ReadOnlySpan<byte> data, int length, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (data.Length < length)
        {
            return false;
        }

        taken = data[..length];
        data = data[length..];
        return true;
    }

    private ref struct Ballot
    {
        public List<(ulong Slot, byte Confirmations)>? Slots;
        public ulong Root;
        public long? Timestamp;
        public ReadOnlySpan<byte> Hash;
        public ReadOnlySpan<byte> Block;
        public ReadOnlySpan<byte> Proof;
    }
}
