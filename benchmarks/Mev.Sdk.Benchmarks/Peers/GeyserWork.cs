using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Mev.Sdk.Ingest;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Solana.Chain;
using Mev.Sdk.Ingest.Solana.Yellowstone;
using Mev.Sdk.Ingest.Solana.Yellowstone.Protos;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Transactions;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Benchmarks.Peers;

/// <summary>A stream of transactions by gRPC: ours to records, the peer's generated classes parsed and dropped. Both over Grpc.Net.Client.</summary>
internal sealed class GeyserWork : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly Geyser.GeyserClient _client;
    private readonly CallInvoker _invoker;
    private readonly ChainContext _context = new("yellowstone", 1, new GapLedger(), new IngestMonitor().AddSource("yellowstone", ""), TimeProvider.System);
    private readonly TransactionWish _wish = new(new YellowstoneTransactionFilter());

    public GeyserWork(ReadOnlySpan<byte> frames)
    {
        var messages = new List<byte[]>();
        while (!frames.IsEmpty)
        {
            var length = System.Runtime.InteropServices.MemoryMarshal.Read<int>(frames);
            if (TransactionView.TryRead(new RecordView(Lsn.None, frames[..length]), out var view) && !view.Wire.IsEmpty)
            {
                messages.Add(Message(in view, (ulong)messages.Count));
            }

            frames = frames[length..];
        }

        Count = messages.Count;
        Bytes = messages.Sum(static message => (long)message.Length);
        _channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = new CannedGrpc(messages), MaxReceiveMessageSize = 64 << 20 });
        _client = new Geyser.GeyserClient(_channel);
        _invoker = _channel.CreateCallInvoker();
    }

    public int Count { get; }

    public long Bytes { get; }

    public ulong Ours() => OursAsync().GetAwaiter().GetResult();

    public ulong Peer() => PeerAsync().GetAwaiter().GetResult();

    public void Dispose() => _channel.Dispose();

    private async Task<ulong> OursAsync()
    {
        using var stream = new ChainStream(_context, new Nowhere(), 1, new SlotBook(256));
        var intake = new GeyserIntake(stream, _wish, SightingStage.Processed);
        intake.Begin();
        var count = 0ul;
        using var call = _invoker.AsyncDuplexStreamingCall(GeyserMethods.Subscribe, host: null, default);
        while (await call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false))
        {
            using (var message = call.ResponseStream.Current)
            {
                intake.Read(message.Span);
            }

            if (stream.IsFull)
            {
                await stream.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            }

            count++;
        }

        await stream.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        return intake.Holes.Count == 0 && stream.Next == count + 1 ? count : throw new InvalidOperationException("A transaction was not read.");
    }

    private async Task<ulong> PeerAsync()
    {
        var count = 0ul;
        using var call = _client.Subscribe();
        while (await call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false))
        {
            count += call.ResponseStream.Current.UpdateOneofCase == SubscribeUpdate.UpdateOneofOneofCase.Transaction ? 1u : 0;
        }

        return count;
    }

    private static byte[] Message(in TransactionView view, ulong index)
    {
        if (!WireTransaction.TryParse(view.Wire, out var wire))
        {
            throw new InvalidOperationException("A transaction of the data cannot be parsed.");
        }

        var message = new Message
        {
            Header = new MessageHeader { NumRequiredSignatures = wire.RequiredSignatures, NumReadonlySignedAccounts = wire.ReadonlySigned, NumReadonlyUnsignedAccounts = wire.ReadonlyUnsigned },
            RecentBlockhash = ByteString.CopyFrom(Pubkey.AsSpan(in wire.RecentBlockhash)),
            Versioned = wire.Format != MessageFormat.Legacy,
        };
        foreach (ref readonly var key in wire.StaticKeys)
        {
            message.AccountKeys.Add(ByteString.CopyFrom(Pubkey.AsSpan(in key)));
        }

        foreach (var instruction in wire.Instructions)
        {
            message.Instructions.Add(new CompiledInstruction { ProgramIdIndex = instruction.ProgramIndex, Accounts = ByteString.CopyFrom(instruction.Accounts), Data = ByteString.CopyFrom(instruction.Data) });
        }

        foreach (var lookup in wire.Lookups)
        {
            var table = lookup.Table;
            message.AddressTableLookups.Add(new MessageAddressTableLookup { AccountKey = ByteString.CopyFrom(Pubkey.AsSpan(in table)), WritableIndexes = ByteString.CopyFrom(lookup.WritableIndexes), ReadonlyIndexes = ByteString.CopyFrom(lookup.ReadonlyIndexes) });
        }

        var transaction = new Transaction { Message = message };
        foreach (ref readonly var signature in wire.Signatures)
        {
            transaction.Signatures.Add(ByteString.CopyFrom(Signature.AsSpan(in signature)));
        }

        var update = new SubscribeUpdate
        {
            Transaction = new SubscribeUpdateTransaction
            {
                Slot = 285_000_037,
                Transaction = new SubscribeUpdateTransactionInfo { Signature = transaction.Signatures[0], Index = index, Transaction = transaction, Meta = TransactionStatusMeta.Parser.ParseFrom(view.Meta) },
            },
        };
        update.Filters.Add("mev");
        return update.ToByteArray();
    }

    private sealed class Nowhere : IRecordIntake
    {
        public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
