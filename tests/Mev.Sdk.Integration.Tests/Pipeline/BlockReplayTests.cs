using System.Buffers;
using Mev.Sdk.Ingest.Solana.Files;
using Mev.Sdk.Records;
using Mev.Sdk.Simulation;
using Mev.Sdk.TestKit;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Integration.Tests.Pipeline;

/// <summary>Everything between an engine's socket and a row, nothing replaced.</summary>
public sealed class BlockReplayTests
{
    [Fact]
    public async Task Real_block_becomes_one_row_a_signature_however_often_it_is_streamed()
    {
        if (ChainData.File("solana/block-285000037.json") is not { } path)
        {
            Assert.Skip(ChainData.MissingReason);
            return;
        }

        var frames = new ArrayBufferWriter<byte>();
        BlockFile.Load(path).WriteFrames(frames);
        await StreamTwiceAsync(frames.WrittenMemory, StreamFlags.None, transactions: 557);
    }

    [Fact]
    public async Task Simulated_market_becomes_one_row_a_signature_however_often_it_is_streamed()
    {
        using var market = new SimulatedMarket(new MarketOptions { Seed = 11 });
        var frames = new ArrayBufferWriter<byte>();
        for (var slot = 0; slot < 5; slot++)
        {
            market.WriteSlot(frames);
        }

        await StreamTwiceAsync(frames.WrittenMemory, StreamFlags.Simulated, (long)market.TransactionCount);
    }

    private static async Task StreamTwiceAsync(ReadOnlyMemory<byte> frames, StreamFlags flags, long transactions)
    {
        using var folder = new TemporaryFolder();
        var data = folder.Sub("data");
        var (count, first) = Look(frames.Span);
        await PipelineRun.PublishAsync(data, frames, flags, async (history, journal) =>
        {
            Assert.Equal(transactions, history.TransactionCount);

            // The engine's word that this was all is a record of the host's own, and may come a moment later.
            Assert.InRange(journal.Records, count, count + 1);
            Assert.InRange(journal.RawBytes, frames.Length, frames.Length + 512);
            Assert.InRange(journal.StoredBytes, 1, journal.RawBytes);
            var row = await history.FindTransactionAsync(first, TestContext.Current.CancellationToken);
            Assert.Equal(first, row?.Signature);
            var latest = await history.GetLatestTransactionsAsync(10_000, TestContext.Current.CancellationToken);
            Assert.Equal(transactions, latest.Select(transaction => transaction.Signature).Distinct().Count());
        });

        // Another life of the host, another session of the engine, the same transactions.
        await PipelineRun.PublishAsync(data, frames, flags, (history, journal) =>
        {
            Assert.Equal(transactions, history.TransactionCount);
            Assert.InRange(journal.Records, 2 * count, (2 * count) + 2);
            return Task.CompletedTask;
        });
    }

    private static (long Records, Signature First) Look(ReadOnlySpan<byte> frames)
    {
        var records = 0L;
        Signature? first = null;
        var reader = new FrameReader();
        while (reader.TryRead(ref frames, out var frame) == FrameStatus.Done)
        {
            records++;
            var record = new RecordView(Lsn.None, frame);
            if (first is null && TransactionView.TryRead(in record, out var transaction))
            {
                first = transaction.Record.Signature;
            }
        }

        return (records, first ?? throw new InvalidOperationException("The frames hold no transaction."));
    }
}
