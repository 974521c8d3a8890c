using Mev.Sdk.Solana.Meta;

namespace Mev.Sdk.Solana.Internal;

/// <summary>Everything a venue needs to read its swap: steps, keys, bytes, token accounts and transfers of one transaction.</summary>
internal readonly ref struct ExecutionView(
    ReadOnlySpan<byte> wire,
    ReadOnlySpan<byte> meta,
    StatusMeta status,
    ReadOnlySpan<TraceStep> steps,
    ReadOnlySpan<Pubkey> keys,
    ReadOnlySpan<TokenAccount> tokens,
    ReadOnlySpan<TokenTransfer> transfers)
{
    private readonly ReadOnlySpan<byte> _wire = wire;
    private readonly ReadOnlySpan<byte> _meta = meta;

    public StatusMeta Status { get; } = status;

    public ReadOnlySpan<TraceStep> Steps { get; } = steps;

    public ReadOnlySpan<Pubkey> Keys { get; } = keys;

    /// <summary>One entry a key.</summary>
    public ReadOnlySpan<TokenAccount> Tokens { get; } = tokens;

    /// <summary>In order of execution.</summary>
    public ReadOnlySpan<TokenTransfer> Transfers { get; } = transfers;

    public ReadOnlySpan<byte> Accounts(in TraceStep step) => Part(step.InMeta, step.AccountsStart, step.AccountsLength);

    public ReadOnlySpan<byte> Data(in TraceStep step) => Part(step.InMeta, step.DataStart, step.DataLength);

    /// <summary>Balance of a key before the transaction, lamports; 0 when the meta does not say.</summary>
    public ulong LamportsBefore(byte key)
    {
        var index = 0;
        foreach (var lamports in Status.PreBalances)
        {
            if (index++ == key)
            {
                return lamports;
            }
        }

        return 0;
    }

    /// <summary>The transfers made below a step.</summary>
    public ReadOnlySpan<TokenTransfer> TransfersBelow(int step)
    {
        var first = 0;
        while (first < Transfers.Length && Transfers[first].Step <= step)
        {
            first++;
        }

        var end = first;
        while (end < Transfers.Length && Transfers[end].Step < Steps[step].End)
        {
            end++;
        }

        return Transfers[first..end];
    }

    // The offsets were taken from spans within these bytes when the trace was made.
    private ReadOnlySpan<byte> Part(bool inMeta, int start, int length) => (inMeta ? _meta : _wire).Slice(start, length);
}
