using System.Buffers.Binary;
using Mev.Sdk.Simulation.State;
using Mev.Sdk.Solana.Addresses;

namespace Mev.Sdk.Simulation.Encoding;

/// <summary>Instructions of the compute-budget, system and token programs.</summary>
internal static class CommonInstructions
{
    // ComputeBudgetInstruction is borsh: a variant byte, then its fields (solana-sdk, compute_budget.rs).
    private const byte SetComputeUnitLimit = 2;
    private const byte SetComputeUnitPrice = 3;

    // SystemInstruction is bincode: a u32 variant; Transfer is 2.
    private const uint SystemTransfer = 2;

    // spl_token::TokenInstruction: a variant byte.
    private const byte TokenTransfer = 3;
    private const byte TokenTransferChecked = 12;

    public static void ComputeLimit(TransactionDraft draft, uint units)
    {
        Span<byte> data = stackalloc byte[5];
        data[0] = SetComputeUnitLimit;
        BinaryPrimitives.WriteUInt32LittleEndian(data[1..], units);
        draft.Instruction(in KnownPrograms.ComputeBudget, [], data);
    }

    public static void ComputePrice(TransactionDraft draft, ulong microLamports)
    {
        Span<byte> data = stackalloc byte[9];
        data[0] = SetComputeUnitPrice;
        BinaryPrimitives.WriteUInt64LittleEndian(data[1..], microLamports);
        draft.Instruction(in KnownPrograms.ComputeBudget, [], data);
    }

    public static int TransferSol(TransactionDraft draft, int from, int to, ulong lamports)
    {
        Span<byte> data = stackalloc byte[12];
        BinaryPrimitives.WriteUInt32LittleEndian(data, SystemTransfer);
        BinaryPrimitives.WriteUInt64LittleEndian(data[4..], lamports);
        return draft.Instruction(in KnownPrograms.System, [draft.Wallet(from), draft.Wallet(to)], data);
    }

    public static int TransferTokens(TransactionDraft draft, MarketState state, int from, int to, int mint, ulong amount)
    {
        Span<byte> data = stackalloc byte[10];
        WriteChecked(data, amount, state.Decimals(mint));
        return draft.Instruction(
            in KnownPrograms.Token,
            [draft.TokenAccount(from, mint), draft.Constant(state.Mint(mint)), draft.TokenAccount(to, mint), draft.Wallet(from)],
            data);
    }

    /// <summary>The transfer that a venue makes below an outer instruction.</summary>
    /// <param name="draft">The transaction.</param>
    /// <param name="outer">The outer instruction.</param>
    /// <param name="accounts">Source, destination and authority, or with a mint: source, mint, destination and authority.</param>
    /// <param name="amount">Base units.</param>
    /// <param name="decimals">The mint's decimals, for a transfer that checks them.</param>
    public static void InnerTransfer(TransactionDraft draft, int outer, ReadOnlySpan<byte> accounts, ulong amount, byte decimals)
    {
        Span<byte> data = stackalloc byte[10];
        if (accounts.Length == 4)
        {
            WriteChecked(data, amount, decimals);
        }
        else
        {
            data[0] = TokenTransfer;
            BinaryPrimitives.WriteUInt64LittleEndian(data[1..], amount);
            data = data[..9];
        }

        draft.InnerInstruction(outer, in KnownPrograms.Token, accounts, data);
    }

    private static void WriteChecked(Span<byte> data, ulong amount, byte decimals)
    {
        data[0] = TokenTransferChecked;
        BinaryPrimitives.WriteUInt64LittleEndian(data[1..], amount);
        data[9] = decimals;
    }
}
