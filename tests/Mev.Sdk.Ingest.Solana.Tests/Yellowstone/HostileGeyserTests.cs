using System.Buffers.Binary;
using System.IO.Compression;
using Google.Protobuf;
using Grpc.Core;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Solana.Chain;
using Mev.Sdk.Ingest.Solana.Tests.Support;
using Mev.Sdk.Ingest.Solana.Yellowstone;
using Mev.Sdk.Ingest.Solana.Yellowstone.Protos;
using Mev.Sdk.Records;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Ingest.Solana.Tests.Yellowstone;

/// <summary>Servers that compress bombs, fall behind, speak a newer schema, or send more than can be kept.</summary>
public sealed class HostileGeyserTests
{
    private readonly FakeChain _chain = new(100, 10, skipped: [103, 107]);
    private readonly CollectingIntake _intake = new();
    private readonly GapLedger _gaps = new();
    private readonly IngestMonitor _monitor = new();

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Run_unpacks_no_compressed_message(string encoding)
    {
        // 4 MiB of zeros in 4 KiB, sent although the client offers no compression.
        var update = new SubscribeUpdate { Account = new SubscribeUpdateAccount { Slot = 100, Account = new SubscribeUpdateAccountInfo { Pubkey = ByteString.CopyFrom(new byte[32]), Owner = ByteString.CopyFrom(new byte[32]), Data = ByteString.CopyFrom(new byte[4 << 20]) } } };
        var packed = Pack(update.ToByteArray(), encoding);
        Assert.InRange(packed.Length, 1, 64 << 10);
        string? offered = null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        await using var app = builder.Build();
        app.MapPost("/geyser.Geyser/Subscribe", async context =>
        {
            offered = context.Request.Headers["grpc-accept-encoding"].ToString();
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-encoding"] = encoding;
            var prefix = new byte[5];
            prefix[0] = 1;
            BinaryPrimitives.WriteInt32BigEndian(prefix.AsSpan(1), packed.Length);
            await context.Response.Body.WriteAsync(prefix);
            await context.Response.Body.WriteAsync(packed);
            await context.Response.Body.FlushAsync();
            await Forever(context.RequestAborted);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var source = new YellowstoneSource(Options(app.Urls.First()), () => _intake, _gaps, _monitor);
        await Wait.RunAsync(source, _intake, () => _monitor.GetSnapshot().Sources[0].Reason.Contains(encoding, StringComparison.Ordinal) || _intake.Records.Count > 0, "the message is refused");
        Assert.Empty(_intake.Records);
        Assert.Equal(["identity"], offered!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    [Fact]
    public async Task Run_of_a_server_that_finds_it_too_slow_gets_the_rest_with_a_replay()
    {
        await using var server = await FakeGeyser.StartAsync();
        var ends = new[]
        {
            new Status(StatusCode.DataLoss, "lagged to receive geyser messages"), new Status(StatusCode.Internal, "lagged"), new Status(StatusCode.ResourceExhausted, "client is too slow"),
        };
        for (var life = 0; life < ends.Length; life++)
        {
            // Two whole slots and a message of the third: every life ends before the chain does, so that there must be a fourth.
            var (left, end) = (9, ends[life]);
            server.Scripts.Add(async (request, send, _) =>
            {
                await ReplayAsync(request, async update =>
                {
                    if (left-- == 0)
                    {
                        throw new RpcException(end);
                    }

                    await send(update);
                });
            });
        }

        server.Scripts.Add(async (request, send, stop) =>
        {
            await ReplayAsync(request, send);
            await Forever(stop);
        });
        using var source = new YellowstoneSource(Options(server.Url), () => _intake, _gaps, _monitor);
        await Wait.RunAsync(source, _intake, () => _intake.Blocks.Any(block => block.Slot == 109), "all came");
        AssertWhole();
        Assert.Equal(4, server.Connections);
        Assert.All(server.Requests.Skip(1), request => Assert.True(request.HasFromSlot));
        Assert.Empty(_gaps.GetGaps());
        Assert.All(ends, end => Assert.Equal(GeyserEndKind.Lagged, GeyserEnd.Of(new RpcException(end), hadProgress: true).Kind));
    }

    [Fact]
    public async Task Run_of_a_server_with_a_newer_schema_passes_over_what_it_does_not_know()
    {
        await using var server = await FakeGeyser.StartAsync();
        server.Scripts.Add(async (request, send, stop) =>
        {
            await send(SubscribeUpdate.Parser.ParseFrom([.. Unknown(2000)]));
            await ReplayAsync(request, update => send(Newer(update)));
            await Forever(stop);
        });
        using var source = new YellowstoneSource(Options(server.Url), () => _intake, _gaps, _monitor);
        await Wait.RunAsync(source, _intake, () => _intake.Blocks.Any(block => block.Slot == 109), "all came");
        AssertWhole();
        Assert.Empty(_gaps.GetGaps());
        var wires = new List<byte[]>();
        foreach (var (_, frame) in _intake.Records)
        {
            if (TransactionView.TryRead(new Wire.RecordView(Lsn.None, frame), out var view))
            {
                wires.Add(view.Wire.ToArray());
                Assert.Equal(5000ul, view.Record.FeeLamports);
            }
        }

        Assert.Equal(_chain.Slots.SelectMany(slot => new[] { FakeChain.Wire(slot, 0), FakeChain.Wire(slot, 1) }), wires);
    }

    [Theory]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(InvalidOperationException))]
    public async Task Run_takes_no_failure_of_the_intake_for_one_of_the_server(Type failure)
    {
        await using var server = await FakeGeyser.StartAsync();
        server.Scripts.Add(async (request, send, stop) =>
        {
            await ReplayAsync(request, send);
            await Forever(stop);
        });
        _intake.Before = _ => throw (Exception)Activator.CreateInstance(failure, "the intake is over")!;
        using var source = new YellowstoneSource(Options(server.Url), () => _intake, _gaps, _monitor);
        var thrown = await Record.ExceptionAsync(() => source.RunAsync(_intake, TestContext.Current.CancellationToken).WaitAsync(Wait.Long, TestContext.Current.CancellationToken));
        Assert.IsType(failure, thrown);
        Assert.Equal("the intake is over", thrown.Message);
        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_of_a_record_that_the_journal_could_not_take_is_a_hole_of_one_record(bool isAccount)
    {
        var context = new ChainContext("y", 1, _gaps, _monitor.AddSource("y", ""), TimeProvider.System);
        using var stream = new ChainStream(context, _intake, 1, new SlotBook(256));
        var intake = new GeyserIntake(stream, new TransactionWish(new YellowstoneTransactionFilter()), SightingStage.Processed);
        intake.Begin();
        var update = FakeGeyser.Transaction(100, 0);
        if (isAccount)
        {
            update = new SubscribeUpdate { Account = new SubscribeUpdateAccount { Slot = 100, Account = new SubscribeUpdateAccountInfo { Pubkey = ByteString.CopyFrom(new byte[32]), Owner = ByteString.CopyFrom(new byte[32]), Data = UnsafeByteOperations.UnsafeWrap(new byte[ChainStream.MaxFrameBytes]) } } };
        }
        else
        {
            update.Transaction.Transaction.Meta.LogMessages.Add(new string('x', ChainStream.MaxFrameBytes));
        }

        intake.Read(update.ToByteArray());
        var hole = Assert.Single(intake.Holes);
        Assert.True(hole.Unreadable);
        Assert.Equal((100ul, 100ul), (hole.First, hole.Last));
        Assert.Contains("the journal takes at most 67108864", hole.Reason, StringComparison.Ordinal);
        intake.Holes.Clear();
        intake.Read(FakeGeyser.Transaction(100, 1).ToByteArray());
        Assert.Empty(intake.Holes);
        await stream.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Single(_intake.Records);
    }

    private static async Task Forever(CancellationToken stop) => await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => { }, TaskScheduler.Default);

    private static byte[] Pack(byte[] bytes, string encoding)
    {
        using var packed = new MemoryStream();
        using (Stream stream = encoding == "gzip" ? new GZipStream(packed, CompressionLevel.SmallestSize) : new ZLibStream(packed, CompressionLevel.SmallestSize))
        {
            stream.Write(bytes);
        }

        return packed.ToArray();
    }

    // One field of each kind of encoding, numbered from `field`.
    private static byte[] Unknown(int field)
    {
        using var memory = new MemoryStream();
        using (var output = new CodedOutputStream(memory))
        {
            output.WriteTag(field, WireFormat.WireType.Varint);
            output.WriteUInt64(ulong.MaxValue);
            output.WriteTag(field + 1, WireFormat.WireType.Fixed64);
            output.WriteFixed64(7);
            output.WriteTag(field + 2, WireFormat.WireType.Fixed32);
            output.WriteFixed32(7);
            output.WriteTag(field + 3, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(8, 1, 2));
        }

        return memory.ToArray();
    }

    private static T With<T>(T message, int field)
        where T : IMessage<T>
        => (T)message.Descriptor.Parser.ParseFrom([.. message.ToByteArray(), .. Unknown(field)]);

    private static SubscribeUpdate Newer(SubscribeUpdate update)
    {
        if (update.Transaction is { } transaction)
        {
            var info = transaction.Transaction;
            info.Transaction.Message.Header = With(info.Transaction.Message.Header, 70);
            info.Transaction.Message.Instructions[0] = With(info.Transaction.Message.Instructions[0], 71);
            info.Transaction.Message = With(info.Transaction.Message, 72);
            info.Transaction = With(info.Transaction, 73);
            info.Meta = With(info.Meta, 74);
            transaction.Transaction = With(info, 75);
            update.Transaction = With(transaction, 76);
        }
        else if (update.BlockMeta is { } meta)
        {
            meta.Rewards.Rewards_[0] = With(meta.Rewards.Rewards_[0], 80);
            meta.Rewards = With(meta.Rewards, 81);
            meta.BlockTime = With(meta.BlockTime, 82);
            update.BlockMeta = With(meta, 83);
        }
        else if (update.Slot is { } slot)
        {
            update.Slot = With(slot, 90);
        }

        return With(update, 3000);
    }

    private static YellowstoneSourceOptions Options(string url) => new()
    {
        Endpoint = url,
        MaxMessageBytes = 64 << 10,
        ReconnectInitialDelay = TimeSpan.FromMilliseconds(2),
        ReconnectMaxDelay = TimeSpan.FromMilliseconds(20),
    };

    private async Task ReplayAsync(SubscribeRequest request, Func<SubscribeUpdate, Task> send)
    {
        foreach (var slot in _chain.Slots.Where(slot => !request.HasFromSlot || slot >= request.FromSlot))
        {
            await send(FakeGeyser.Slot(slot, _chain.Parent(slot), SlotStatus.SlotProcessed));
            await send(FakeGeyser.Transaction(slot, 0));
            await send(FakeGeyser.Transaction(slot, 1));
            await send(FakeGeyser.Meta(slot, _chain.Parent(slot)));
        }
    }

    private void AssertWhole()
    {
        Assert.Equal(_chain.Slots, _intake.Blocks.Select(block => block.Slot));
        Assert.Equal(_chain.Slots.SelectMany(slot => Enumerable.Range(0, 2).Select(index => FakeChain.Sig(slot, index))), _intake.Transactions.Select(transaction => transaction.Signature));
        Assert.Equal(Enumerable.Range(1, _intake.Records.Count).Select(number => (ulong)number), _intake.Records.Select(record => record.Position.Sequence).Order());
    }
}
