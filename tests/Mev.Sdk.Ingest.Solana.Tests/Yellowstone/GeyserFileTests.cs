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

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(15)]
    public void A_transaction_of_version_1_is_rebuilt_to_its_bytes(int asked)
    {
        // Zero is a request too, and not the same as none.
        var config = new Mev.Sdk.Solana.Transactions.TransactionConfig(
            (asked & 1) != 0 ? 0UL : null, (asked & 2) != 0 ? 300_000u : null, (asked & 4) != 0 ? 0u : null, (asked & 8) != 0 ? 65_536u : null);
        var wire = Mev.Sdk.Solana.Tests.Samples.V1().SetConfig(config).ToArray();
        var transaction = FakeGeyser.Info(wire, [], 0).Transaction;
        var writer = new GeyserTransaction();
        Assert.True(writer.TryWrite(Google.Protobuf.MessageExtensions.ToByteArray(transaction), out var problem), problem);
        Assert.Equal(wire, writer.Wire.ToArray());
    }

    [Fact]
    public void A_transaction_of_version_1_that_cannot_be_one_is_refused_with_a_reason()
    {
        var wire = Mev.Sdk.Solana.Tests.Samples.V1().ToArray();
        var writer = new GeyserTransaction();
        string Problem(Action<Transaction> change)
        {
            var transaction = FakeGeyser.Info(wire, [], 0).Transaction;
            change(transaction);
            Assert.False(writer.TryWrite(Google.Protobuf.MessageExtensions.ToByteArray(transaction), out var problem));
            return problem!;
        }

        Assert.Contains("lookups", Problem(t => t.Message.AddressTableLookups.Add(new MessageAddressTableLookup())), StringComparison.Ordinal);
        Assert.Contains("key is not 32", Problem(t => t.Message.AccountKeys[0] = Google.Protobuf.ByteString.CopyFrom(1)), StringComparison.Ordinal);
        Assert.Contains("blockhash is not 32", Problem(t => t.Message.RecentBlockhash = Google.Protobuf.ByteString.CopyFrom(1)), StringComparison.Ordinal);
        Assert.Contains("header", Problem(t => t.Message.Header.NumRequiredSignatures = 256), StringComparison.Ordinal);
        Assert.Contains("instruction", Problem(t => t.Message.Instructions[0].ProgramIdIndex = 256), StringComparison.Ordinal);
        Assert.Contains("instruction", Problem(t => t.Message.Instructions[0].Accounts = Google.Protobuf.ByteString.CopyFrom(new byte[256])), StringComparison.Ordinal);
        Assert.Contains("well-formed", Problem(t => t.Signatures.Add(t.Signatures[0])), StringComparison.Ordinal);
        Assert.Contains("one byte each", Problem(t => t.Message.AccountKeys.Add(Enumerable.Repeat(t.Message.AccountKeys[0], 300))), StringComparison.Ordinal);
        Assert.Contains("malformed", Problem(t => t.Message.RecentBlockhash = Google.Protobuf.ByteString.Empty), StringComparison.Ordinal);

        // A limit that does not fit its field cannot come from the generated classes.
        byte[] message = [0x1A, 32, .. new byte[32], 0x3A, 6, 0x10, 0x80, 0x80, 0x80, 0x80, 0x10];
        Assert.False(writer.TryWrite([0x12, (byte)message.Length, .. message], out var text));
        Assert.Contains("configuration", text, StringComparison.Ordinal);
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
