using System.Buffers;
using System.Text.Json;
using Mev.Sdk.Records;

namespace Mev.Sdk.Features.Labels;

/// <summary>Writes the legs and figures a finding rests on as a JSON object.</summary>
internal static class ArbitrageEvidence
{
    public static void Write(IBufferWriter<byte> destination, in ArbitrageFinding finding, in TransactionView transaction)
    {
        using var json = new Utf8JsonWriter(destination);
        Span<char> text = stackalloc char[Pubkey.MaxTextLength];
        json.WriteStartObject();
        json.WriteString("rule"u8, "atomic-arbitrage/1"u8);
        json.WriteString("owner"u8, Format(finding.Owner, text));
        json.WriteString("quoteMint"u8, Format(finding.QuoteMint, text));
        json.WriteNumber("grossQuote"u8, finding.GrossQuote);
        json.WriteNumber("costLamports"u8, finding.CostLamports);
        json.WriteBoolean("costSubtracted"u8, finding.IsQuotedInSol);
        json.WriteStartArray("legs"u8);
        foreach (ref readonly var swap in transaction.Swaps)
        {
            if (swap.Trader == finding.Owner)
            {
                WriteLeg(json, in swap, text);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteLeg(Utf8JsonWriter json, in SwapEntry swap, Span<char> text)
    {
        json.WriteStartObject();
        json.WriteString("venue"u8, swap.Venue.ToString());
        json.WriteString("pool"u8, Format(in swap.Pool, text));
        json.WriteString("mintIn"u8, Format(in swap.MintIn, text));
        json.WriteNumber("amountIn"u8, swap.AmountIn);
        json.WriteString("mintOut"u8, Format(in swap.MintOut, text));
        json.WriteNumber("amountOut"u8, swap.AmountOut);
        json.WriteEndObject();
    }

    private static ReadOnlySpan<char> Format(in Pubkey key, Span<char> text)
    {
        key.TryFormat(text, out var written);
        return text[..written];
    }
}
