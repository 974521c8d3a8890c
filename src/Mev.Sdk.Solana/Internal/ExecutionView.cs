using Mev.Sdk.Solana.Addresses;
using Mev.Sdk.Solana.Effects;
using Mev.Sdk.Solana.Meta;

namespace Mev.Sdk.Solana.Internal;

/// <summary>Everything a venue needs to read its swap: steps, keys, bytes, token accounts and transfers of one transaction.</summary>
internal readonly ref struct ExecutionView(
    ReadOnlySpan<byte> wire,
    ReadOnlySpan<byte> meta,
    StatusMeta status,
    Execution execution,
    TokenLedger? ledger)
{
    private readonly ReadOnlySpan<byte> _wire = wire;
    private readonly ReadOnlySpan<byte> _meta = meta;
    private readonly TokenLedger? _ledger = ledger;

    public StatusMeta Status { get; } = status;

    public ReadOnlySpan<TraceStep> Steps { get; } = execution.Steps;

    public ReadOnlySpan<Pubkey> Keys { get; } = execution.Keys;

    /// <summary>One entry a key; of a key that was called, what is known about it.</summary>
    public ReadOnlySpan<ProgramEntry?> Programs { get; } = execution.Programs;

    /// <summary>Keys at the front that signed.</summary>
    public int SignerCount { get; } = execution.SignerCount;

    /// <summary>Whether a known aggregator was called.</summary>
    public bool CallsAggregator { get; } = execution.Called(ProgramKind.Aggregator);

    /// <summary>One entry a key.</summary>
    public ReadOnlySpan<TokenAccount> Tokens { get; } = ledger is null ? default : ledger.Accounts;

    /// <summary>In order of execution.</summary>
    public ReadOnlySpan<TokenTransfer> Transfers { get; } = ledger is null ? default : ledger.Transfers;

    public ReadOnlySpan<byte> Accounts(in TraceStep step) => Part(step.InMeta, step.AccountsStart, step.AccountsLength);

    public ReadOnlySpan<byte> Data(in TraceStep step) => Part(step.InMeta, step.DataStart, step.DataLength);

    /// <summary>What is known about a step's program.</summary>
    public ProgramEntry ProgramOf(in TraceStep step) => Programs[step.Program]!;

    /// <summary>Balance of a key before the transaction, lamports; 0 when the meta does not say.</summary>
    public ulong LamportsBefore(byte key) => At(Status.PreBalances, key);

    /// <summary>Balance of a key after the transaction, lamports; 0 when the meta does not say.</summary>
    public ulong LamportsAfter(byte key) => At(Status.PostBalances, key);

    /// <summary>Whether a key stands for a wallet or token account that an authority owns.</summary>
    public bool IsOwnedBy(byte account, byte authority)
    {
        ref readonly var token = ref Tokens[account];
        return token.IsKnown ? token.Owner == Keys[authority] : account == authority;
    }

    /// <summary>Mint of what a transfer moved; zero when the meta does not say.</summary>
    public Pubkey MintOf(in TokenTransfer transfer) => transfer.Kind switch
    {
        MovementKind.Lamports => KnownMints.WrappedSol,
        MovementKind.Mint => Keys[transfer.Source],
        MovementKind.Burn => Keys[transfer.Destination],
        _ => Tokens[transfer.Source].Mint,
    };

    /// <summary>Decimals of what a transfer moved.</summary>
    public byte DecimalsOf(in TokenTransfer transfer) => transfer.Kind switch
    {
        MovementKind.Lamports => KnownMints.WrappedSolDecimals,
        MovementKind.Mint => Tokens[transfer.Destination].Decimals,
        _ => Tokens[transfer.Source].Decimals,
    };

    /// <summary>The movements made below a step.</summary>
    public ReadOnlySpan<TokenTransfer> TransfersBelow(int step) => _ledger!.TransfersOf(step + 1, Steps[step].End);

    // The offsets were taken from spans within these bytes when the trace was made.
    private ReadOnlySpan<byte> Part(bool inMeta, int start, int length) => (inMeta ? _meta : _wire).Slice(start, length);

    private static ulong At(Lamports balances, byte key)
    {
        var index = 0;
        foreach (var lamports in balances)
        {
            if (index++ == key)
            {
                return lamports;
            }
        }

        return 0;
    }
}
