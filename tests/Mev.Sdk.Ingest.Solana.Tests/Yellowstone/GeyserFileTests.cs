using System.Buffers.Binary;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Solana.Chain;
using Mev.Sdk.Ingest.Solana.Tests.Support;
using Mev.Sdk.Ingest.Solana.Yellowstone;
using Mev.Sdk.Ingest.Solana.Yellowstone.Protos;
using Mev.Sdk.Records;
using Mev.Sdk.TestKit;

namespace Mev.Sdk.Ingest.Solana.Tests.Yellowstone;

/// <summary>Messages that a real server sent.</summary>
public sealed class GeyserFileTests
{
    private const string File = "solana/geyser/slots-398202772-398202821.bin";

    [Fact]
    public async Task Fifty_real_slots_are_read_as_the_generated_classes_read_them()
    {
        var path = ChainData.File(File);
        Assert.SkipWhen(path is null, ChainData.MissingReason);
        var intake = new CollectingIntake();
        var context = new ChainContext("y", 1, new GapLedger(), new IngestMonitor().AddSource("y", ""), TimeProvider.System);
        using var stream = new ChainStream(context, intake, 1, new SlotBook(256));

        // The file has no transactions, so none are asked for: a filter that nothing passes.
        var filter = new YellowstoneTransactionFilter { Vote = true, Failed = true };
        var reader = new GeyserIntake(stream, new TransactionWish(filter), SightingStage.Processed);
        reader.Begin();
        var messages = Messages(System.IO.File.ReadAllBytes(path)).ToArray();
        Assert.Equal(40_186, messages.Length);
        var metas = new List<SubscribeUpdateBlockMeta>();
        foreach (var message in messages)
        {
            reader.Read(message.Span);
            if (SubscribeUpdate.Parser.ParseFrom(message.Span) is { BlockMeta: { } meta })
            {
                metas.Add(meta);
            }
        }

        await stream.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Empty(reader.Holes);
        Assert.Equal(50, metas.Count);
        Assert.Equal(
            metas.Select(meta => (meta.Slot, meta.ParentSlot, meta.Blockhash, meta.ParentBlockhash, meta.BlockTime.Timestamp, meta.BlockHeight.BlockHeight_, meta.Rewards.Rewards_.First(r => r.RewardType == RewardType.Fee).Pubkey)),
            intake.Blocks.Select(block => (block.Slot, block.ParentSlot, block.Blockhash.ToString(), block.PreviousBlockhash.ToString(), block.BlockTimeSeconds, block.BlockHeight, block.Leader.ToString())));
        Assert.Contains(intake.Slots, slot => slot.Stage == SightingStage.Finalized);
        Assert.Contains(intake.Slots, slot => slot.Stage == SightingStage.Confirmed);
        Assert.Equal(intake.Slots.Count(), intake.Slots.Select(slot => (slot.Slot, slot.Stage)).Distinct().Count());
    }

    [Fact]
    public void The_real_transactions_keep_their_bytes_through_protobuf()
    {
        var path = ChainData.File("solana/block-285000037.json");
        Assert.SkipWhen(path is null, ChainData.MissingReason);
        var writer = new GeyserTransaction();
        foreach (var transaction in Solana.Files.BlockFile.Load(path).Transactions)
        {
            var info = FakeGeyser.Info(transaction.Wire.ToArray(), transaction.Meta.ToArray(), 0);
            Assert.True(writer.TryWrite(Google.Protobuf.MessageExtensions.ToByteArray(info.Transaction), out var problem), problem);
            Assert.Equal(transaction.Wire.ToArray(), writer.Wire.ToArray());
        }
    }

    [Fact]
    public void A_request_is_what_the_generated_classes_read()
    {
        var options = new YellowstoneSourceOptions { Commitment = ChainCommitment.Finalized, Transactions = { Vote = false, Failed = true } };
        options.Transactions.AccountInclude.Add("a");
        options.Transactions.AccountExclude.Add("b");
        options.Transactions.AccountRequired.Add("c");
        options.Accounts.Accounts.Add("d");
        var request = SubscribeRequest.Parser.ParseFrom(GeyserRequests.Subscribe(options, 77));
        Assert.Equal((77ul, CommitmentLevel.Finalized), (request.FromSlot, request.Commitment));
        var filter = request.Transactions["mev"];
        Assert.Equal((false, true), (filter.Vote, filter.Failed));
        Assert.True(filter.HasVote);
        Assert.Equal(["a", "b", "c", "d"], [.. filter.AccountInclude, .. filter.AccountExclude, .. filter.AccountRequired, .. request.Accounts["mev"].Account]);
        Assert.False(request.Slots["mev"].FilterByCommitment);
        Assert.True(request.BlocksMeta.ContainsKey("mev"));
        Assert.Equal(3, SubscribeRequest.Parser.ParseFrom(GeyserRequests.Ping(3)).Ping.Id);
        Assert.False(SubscribeRequest.Parser.ParseFrom(GeyserRequests.Subscribe(new YellowstoneSourceOptions(), null)).HasFromSlot);
    }

    [Fact]
    public void Updates_cut_off_or_changed_anywhere_never_throw()
    {
        var context = new ChainContext("y", 1, new GapLedger(), new IngestMonitor().AddSource("y", ""), TimeProvider.System);
        using var stream = new ChainStream(context, new CollectingIntake(), 1, new SlotBook(256));
        var reader = new GeyserIntake(stream, new TransactionWish(new YellowstoneTransactionFilter()), SightingStage.Processed);
        var random = new Random(5);
        foreach (var update in new[] { FakeGeyser.Transaction(100, 0), FakeGeyser.Meta(100, 99), FakeGeyser.Slot(100, 99, SlotStatus.SlotFinalized) })
        {
            var bytes = Google.Protobuf.MessageExtensions.ToByteArray(update);
            for (var length = 0; length < bytes.Length; length++)
            {
                reader.Read(bytes.AsSpan(0, length));
            }

            for (var i = 0; i < 2000; i++)
            {
                var changed = (byte[])bytes.Clone();
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
                reader.Read(changed);
            }
        }

        Assert.NotEmpty(reader.Holes);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Messages(byte[] file)
    {
        for (var at = 0; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            yield return file.AsMemory(at + sizeof(int), length);
            at += sizeof(int) + length;
        }
    }
}
