using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using Mev.Sdk.Ingest.Solana.Yellowstone.Protos;
using Mev.Sdk.Solana.Tests;
using Mev.Sdk.Solana.Transactions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Ingest.Solana.Tests.Support;

/// <summary>A Yellowstone server over a real socket; each connection runs the next script, the last one again and again.</summary>
internal sealed class FakeGeyser : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _connections;

    private FakeGeyser(WebApplication app) => _app = app;

    public delegate Task Script(SubscribeRequest request, Func<SubscribeUpdate, Task> send, CancellationToken cancellationToken);

    public List<Script> Scripts { get; } = [];

    public ConcurrentQueue<SubscribeRequest> Requests { get; } = new();

    public ConcurrentQueue<int> Pings { get; } = new();

    public string? Token { get; set; }

    public ulong? FirstAvailable { get; set; }

    public int Connections => _connections;

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<FakeGeyser> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        var service = new Service();
        builder.Services.AddSingleton(service);
        var app = builder.Build();
        app.MapGrpcService<Service>();
        var fake = new FakeGeyser(app);
        service.Fake = fake;
        await app.StartAsync();
        return fake;
    }

    public static SubscribeUpdate Transaction(ulong slot, int index)
    {
        var update = new SubscribeUpdate { Transaction = new SubscribeUpdateTransaction { Slot = slot, Transaction = Info(FakeChain.Wire(slot, index), FakeChain.Meta(), (ulong)index) } };
        update.Filters.Add("mev");
        return update;
    }

    public static SubscribeUpdateTransactionInfo Info(byte[] wire, byte[] meta, ulong index)
    {
        Assert.True(WireTransaction.TryParse(wire, out var view));
        var message = new Message
        {
            Header = new MessageHeader { NumRequiredSignatures = view.RequiredSignatures, NumReadonlySignedAccounts = view.ReadonlySigned, NumReadonlyUnsignedAccounts = view.ReadonlyUnsigned },
            RecentBlockhash = ByteString.CopyFrom(Pubkey.AsSpan(in view.RecentBlockhash)),
            Versioned = view.Format != MessageFormat.Legacy,
        };
        if (view.Format == MessageFormat.V1)
        {
            message.Config = new Mev.Sdk.Ingest.Solana.Yellowstone.Protos.TransactionConfig();
            if (view.Config.PriorityFeeLamports is { } fee)
            {
                message.Config.PriorityFee = fee;
            }

            if (view.Config.ComputeUnitLimit is { } units)
            {
                message.Config.ComputeUnitLimit = units;
            }

            if (view.Config.LoadedAccountsDataSizeLimit is { } loaded)
            {
                message.Config.LoadedAccountsDataSizeLimit = loaded;
            }

            if (view.Config.HeapSize is { } heap)
            {
                message.Config.HeapSize = heap;
            }
        }

        foreach (ref readonly var key in view.StaticKeys)
        {
            message.AccountKeys.Add(ByteString.CopyFrom(Pubkey.AsSpan(in key)));
        }

        foreach (var instruction in view.Instructions)
        {
            message.Instructions.Add(new CompiledInstruction { ProgramIdIndex = instruction.ProgramIndex, Accounts = ByteString.CopyFrom(instruction.Accounts), Data = ByteString.CopyFrom(instruction.Data) });
        }

        foreach (var lookup in view.Lookups)
        {
            var table = lookup.Table;
            message.AddressTableLookups.Add(new MessageAddressTableLookup { AccountKey = ByteString.CopyFrom(Pubkey.AsSpan(in table)), WritableIndexes = ByteString.CopyFrom(lookup.WritableIndexes), ReadonlyIndexes = ByteString.CopyFrom(lookup.ReadonlyIndexes) });
        }

        var transaction = new Transaction { Message = message };
        foreach (ref readonly var signature in view.Signatures)
        {
            transaction.Signatures.Add(ByteString.CopyFrom(Signature.AsSpan(in signature)));
        }

        return new SubscribeUpdateTransactionInfo
        {
            Signature = transaction.Signatures[0],
            Index = index,
            Transaction = transaction,
            Meta = TransactionStatusMeta.Parser.ParseFrom(meta),
        };
    }

    public static SubscribeUpdate Meta(ulong slot, ulong parent, ulong executed = FakeChain.PerBlock) => new()
    {
        CreatedAt = new Google.Protobuf.WellKnownTypes.Timestamp { Seconds = 1_700_000_000, Nanos = 5 },
        BlockMeta = new SubscribeUpdateBlockMeta
        {
            Slot = slot,
            ParentSlot = parent,
            Blockhash = FakeChain.Hash(slot).ToString(),
            ParentBlockhash = FakeChain.Hash(parent).ToString(),
            BlockHeight = new BlockHeight { BlockHeight_ = slot - 5 },
            BlockTime = new UnixTimestamp { Timestamp = 1_700_000_000 },
            ExecutedTransactionCount = executed,
            Rewards = new Rewards { Rewards_ = { new Reward { Pubkey = Samples.Key(42).ToString(), RewardType = RewardType.Fee, Lamports = 5 } } },
        },
    };

    public static SubscribeUpdate Slot(ulong slot, ulong parent, SlotStatus status) => new() { Slot = new SubscribeUpdateSlot { Slot = slot, Parent = parent, Status = status } };

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    internal sealed class Service : Geyser.GeyserBase
    {
        public FakeGeyser Fake { get; set; } = null!;

        public override async Task Subscribe(IAsyncStreamReader<SubscribeRequest> requestStream, IServerStreamWriter<SubscribeUpdate> responseStream, ServerCallContext context)
        {
            if (Fake.Token is { } token && context.RequestHeaders.GetValue("x-token") != token)
            {
                throw new RpcException(new Status(StatusCode.Unauthenticated, $"wrong token '{context.RequestHeaders.GetValue("x-token")}'"));
            }

            Assert.True(await requestStream.MoveNext(context.CancellationToken));
            Fake.Requests.Enqueue(requestStream.Current);
            var request = requestStream.Current;
            var reading = Task.Run(async () =>
            {
                while (await requestStream.MoveNext(CancellationToken.None))
                {
                    Fake.Pings.Enqueue(requestStream.Current.Ping?.Id ?? -1);
                }
            });
            var number = Interlocked.Increment(ref Fake._connections) - 1;
            var script = Fake.Scripts[Math.Min(number, Fake.Scripts.Count - 1)];
            await script(request, update => responseStream.WriteAsync(update), context.CancellationToken);
        }

        public override Task<SubscribeReplayInfoResponse> SubscribeReplayInfo(SubscribeReplayInfoRequest request, ServerCallContext context)
        {
            if (Fake.FirstAvailable is not { } first)
            {
                throw new RpcException(new Status(StatusCode.Unimplemented, "no such method"));
            }

            return Task.FromResult(new SubscribeReplayInfoResponse { FirstAvailable = first });
        }
    }
}
