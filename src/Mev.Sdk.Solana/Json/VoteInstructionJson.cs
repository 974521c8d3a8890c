namespace Mev.Sdk.Solana.Json;

/// <summary>Turns a node's rendering of a vote back into accounts and data.</summary>
/// <remarks>
/// Source: <c>VoteInstruction</c> of the Solana SDK (u32 variant, bincode) and <c>parse_vote.rs</c> of Agave. The compact forms write a root (all ones = none), lockouts as
/// compact-u16 count of (varint distance from the slot before, u8 confirmations), the hash, an optional timestamp, and a tower sync its block id; the forms that
/// switch forks end with one more hash.
/// </remarks>
internal static class VoteInstructionJson
{
    public const uint Vote = 2;
    public const uint CompactUpdate = 12;
    public const uint CompactUpdateSwitch = 13;
    public const uint TowerSync = 14;
    public const uint TowerSyncSwitch = 15;

    /// <summary>A root that is not there.</summary>
    public const ulong NoRoot = ulong.MaxValue;

    public static bool TryRebuild(string type, JsonNode info, AccountList keys, out byte[] accounts, out byte[] data)
    {
        (accounts, data) = ([], []);
        switch (type)
        {
            case "vote":
                accounts = ParsedInstruction.Indices(info, keys, "voteAccount", "slotHashesSysvar", "clockSysvar", "voteAuthority");
                data = Plain(info["vote"]);
                return true;
            case "compactupdatevotestate":
                data = Compact(CompactUpdate, info["voteStateUpdate"], withBlock: false, info);
                break;
            case "compactupdatevotestateswitch":
                data = Compact(CompactUpdateSwitch, info["voteStateUpdate"], withBlock: false, info);
                break;
            case "towersync":
                data = Compact(TowerSync, info["towerSync"], withBlock: true, info);
                break;
            case "towersyncswitch":
                data = Compact(TowerSyncSwitch, info["towerSync"], withBlock: true, info);
                break;
            default:
                return false;
        }

        accounts = ParsedInstruction.Indices(info, keys, "voteAccount", "voteAuthority");
        return true;
    }

    private static byte[] Plain(JsonNode vote)
    {
        var hash = vote["hash"].Key();
        var slots = vote["slots"].Elements().Select(slot => slot.Number()).ToArray();
        var bytes = new List<byte>([.. ParsedInstruction.U32(Vote), .. ParsedInstruction.U64((ulong)slots.Length)]);
        foreach (var slot in slots)
        {
            bytes.AddRange(ParsedInstruction.U64(slot));
        }

        bytes.AddRange(Pubkey.AsSpan(in hash));
        AddTimestamp(bytes, vote["timestamp"]);
        return [.. bytes];
    }

    private static byte[] Compact(uint variant, JsonNode vote, bool withBlock, JsonNode info)
    {
        var hash = vote["hash"].Key();
        var root = vote["root"].IsNull ? NoRoot : vote["root"].Number();
        var lockouts = vote["lockouts"].Elements().ToArray();
        if (lockouts.Length > ushort.MaxValue)
        {
            throw vote["lockouts"].Fail("more lockouts than a compact-u16 can count");
        }

        var bytes = new List<byte>([.. ParsedInstruction.U32(variant), .. ParsedInstruction.U64(root)]);
        AddVarint(bytes, (ulong)lockouts.Length);
        var before = root == NoRoot ? 0 : root;
        foreach (var lockout in lockouts)
        {
            var slot = lockout["slot"].Number();
            if (slot < before)
            {
                throw lockout["slot"].Fail("a lockout's slot is below the one before it, or below the root");
            }

            AddVarint(bytes, slot - before);
            bytes.Add(lockout["confirmation_count"].Byte());
            before = slot;
        }

        bytes.AddRange(Pubkey.AsSpan(in hash));
        AddTimestamp(bytes, vote["timestamp"]);
        if (withBlock)
        {
            var block = vote["blockId"].Key();
            bytes.AddRange(Pubkey.AsSpan(in block));
        }

        if (variant is CompactUpdateSwitch or TowerSyncSwitch)
        {
            var proof = info["hash"].Key();
            bytes.AddRange(Pubkey.AsSpan(in proof));
        }

        return [.. bytes];
    }

    private static void AddTimestamp(List<byte> bytes, JsonNode timestamp) =>
        bytes.AddRange(timestamp.IsNull ? [0] : (byte[])[1, .. ParsedInstruction.U64((ulong)timestamp.SignedNumber())]);

    private static void AddVarint(List<byte> bytes, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
    }
}
