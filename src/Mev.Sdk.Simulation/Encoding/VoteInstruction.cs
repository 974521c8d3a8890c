using System.Buffers.Binary;
using Mev.Sdk.Simulation.Randomness;
using Mev.Sdk.Simulation.State;
using Mev.Sdk.Solana.Addresses;

namespace Mev.Sdk.Simulation.Encoding;

/// <summary>A validator's vote.</summary>
internal static class VoteInstruction
{
    // VoteInstruction::TowerSync (solana-sdk, vote/instruction.rs); bincode's u32 variant.
    private const uint TowerSync = 14;
    private const int Lockouts = 31;

    /// <summary>Adds the instruction: the compact tower of a validator that voted for each of the last 31 slots.</summary>
    public static void Add(TransactionDraft draft, MarketState state, Xoshiro256 random, int voter)
    {
        // root u64, short_vec of (varint slot offset, confirmation count), bank hash, Option<timestamp i64>, block id.
        Span<byte> data = stackalloc byte[4 + 8 + 1 + (Lockouts * 2) + 32 + 9 + 32];
        BinaryPrimitives.WriteUInt32LittleEndian(data, TowerSync);
        BinaryPrimitives.WriteUInt64LittleEndian(data[4..], state.Slot - Lockouts - 1);
        data[12] = Lockouts;
        for (var i = 0; i < Lockouts; i++)
        {
            data[13 + (2 * i)] = 1;
            data[14 + (2 * i)] = (byte)(Lockouts - i);
        }

        var rest = data[(13 + (2 * Lockouts))..];
        random.Fill(rest[..32]);
        rest[32] = 1;
        BinaryPrimitives.WriteInt64LittleEndian(rest[33..], state.BlockTimeSeconds);
        random.Fill(rest[41..]);
        var account = draft.Constant(in state.Addresses.VoteAccounts[voter], writable: true);
        draft.Instruction(in KnownPrograms.Vote, [account, draft.Wallet(state.Wallets.FirstValidator + voter)], data);
    }
}
