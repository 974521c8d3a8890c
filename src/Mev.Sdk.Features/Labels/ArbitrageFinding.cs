namespace Mev.Sdk.Features.Labels;

/// <summary>What <see cref="AtomicArbitrageInspector"/> found in one transaction, with the figures its verdict rests on.</summary>
/// <param name="Verdict">The class.</param>
/// <param name="Owner">Whose swaps close the cycle.</param>
/// <param name="QuoteMint">The mint the profit is counted in: wrapped SOL when the cycle gains it, otherwise the mint the cycle starts with.</param>
/// <param name="FirstPool">Pool of the cycle's first swap.</param>
/// <param name="Legs">Swaps of the owner.</param>
/// <param name="GrossQuote">The owner's net in the quote mint before fee and tip, base units of that mint.</param>
/// <param name="ShortMints">Mints of which the owner ended with less than before.</param>
/// <param name="CostLamports">Fee and tip, lamports.</param>
/// <param name="CapitalLamports">What the first leg put in when it is wrapped SOL, lamports; 0 = unknown.</param>
/// <param name="IsQuotedInSol">Whether the quote mint is wrapped SOL, so that cost could be compared with profit.</param>
public readonly record struct ArbitrageFinding(
    ArbitrageVerdict Verdict,
    Pubkey Owner,
    Pubkey QuoteMint,
    Pubkey FirstPool,
    int Legs,
    long GrossQuote,
    int ShortMints,
    ulong CostLamports,
    ulong CapitalLamports,
    bool IsQuotedInSol)
{
    /// <summary>Profit before cost, lamports; 0 when the quote mint is not wrapped SOL.</summary>
    public long ProfitLamports => IsQuotedInSol ? GrossQuote : 0;
}
