using System.Buffers;
using System.Text.Json;
using Mev.Sdk.Records;
using Mev.Sdk.Simulation.Execution;
using Mev.Sdk.Simulation.Searching;
using Mev.Sdk.Simulation.State;
using Mev.Sdk.Solana.Addresses;

namespace Mev.Sdk.Simulation.Encoding;

/// <summary>Writes opportunities and outcomes as the engine reports them.</summary>
internal sealed class OpportunityScribe : IDisposable
{
    private readonly ArrayBufferWriter<byte> _metadata = new(1_024);
    private readonly Utf8JsonWriter _json;

    public OpportunityScribe() => _json = new Utf8JsonWriter(_metadata);

    public void Write(in Gap gap, in Order order, OpportunityRecord record, IBufferWriter<byte> frames)
    {
        record.Pool = gap.Buy.Address;
        record.QuoteMint = KnownMints.WrappedSol;
        record.ExpectedProfitLamports = (long)gap.Profit;
        record.ExpectedCostLamports = Executor.LamportsNeeded(in order);
        record.CapitalLamports = gap.AmountIn;
        record.StrategyId = MarketStrategy.Id;
        record.Flags = OpportunityFlags.Simulated;
        WriteMetadata(in gap, order.TipLamports);
        var length = OpportunityView.GetFrameLength(_metadata.WrittenCount);
        OpportunityView.Write(frames.GetSpan(length), record.DetectedNanoseconds, in record, _metadata.WrittenSpan);
        frames.Advance(length);
    }

    public static void Write(in OutcomeRecord record, IBufferWriter<byte> frames)
    {
        var reason = record.Status switch
        {
            OutcomeStatus.Failed => "the pools had moved before it landed"u8,
            OutcomeStatus.LostToRival => "another searcher's transaction was first"u8,
            OutcomeStatus.Dropped => "sent, not seen in a block"u8,
            OutcomeStatus.Declined => "the strategy is disabled"u8,
            _ => default,
        };
        var length = OutcomeView.GetFrameLength(reason.Length);
        OutcomeView.Write(frames.GetSpan(length), record.CompletedNanoseconds, in record, reason);
        frames.Advance(length);
    }

    public void Dispose() => _json.Dispose();

    private void WriteMetadata(in Gap gap, ulong tip)
    {
        _metadata.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        WriteKey("mint"u8, gap.Buy.Token.Mint);
        _json.WriteNumber("tokens"u8, gap.Tokens);
        _json.WriteNumber("amountOut"u8, gap.AmountOut);
        _json.WriteNumber("tip"u8, tip);
        WritePool("buy"u8, gap.Buy);
        WritePool("sell"u8, gap.Sell);
        _json.WriteEndObject();
        _json.Flush();
    }

    private void WritePool(ReadOnlySpan<byte> name, Pool pool)
    {
        _json.WriteStartObject(name);
        WriteKey("pool"u8, pool.Address);
        _json.WriteString("venue"u8, pool.Venue switch
        {
            VenueId.RaydiumV4 => "RaydiumV4"u8,
            VenueId.OrcaWhirlpool => "OrcaWhirlpool"u8,
            _ => "PumpSwap"u8,
        });
        _json.WriteNumber("reserveSol"u8, pool.ReserveSol);
        _json.WriteNumber("reserveToken"u8, pool.ReserveToken);
        _json.WriteNumber("feeMillionths"u8, pool.FeeMillionths);
        _json.WriteEndObject();
    }

    private void WriteKey(ReadOnlySpan<byte> name, Pubkey key)
    {
        Span<byte> text = stackalloc byte[Pubkey.MaxTextLength];
        key.TryFormat(text, out var length);
        _json.WriteString(name, text[..length]);
    }
}
