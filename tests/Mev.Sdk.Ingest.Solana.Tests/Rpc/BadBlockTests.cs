using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Solana.Rpc;
using Mev.Sdk.Ingest.Solana.Tests.Support;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Tests;

namespace Mev.Sdk.Ingest.Solana.Tests.Rpc;

/// <summary>Each kind of bad block a node may send, over a socket: what is delivered, what the ledger says, what is counted.</summary>
public sealed class BadBlockTests : IAsyncLifetime
{
    private readonly CollectingIntake _intake = new();
    private readonly GapLedger _gaps = new();
    private FakeRpc _rpc = null!;

    public async ValueTask InitializeAsync() => _rpc = await FakeRpc.StartAsync(new FakeChain(100, 4));

    public ValueTask DisposeAsync() => _rpc.DisposeAsync();

    /// <summary>What is wrong; transactions of the block that are delivered; records that are missing; what the ledger says.</summary>
    public static TheoryData<string, int, int, string> Bad => new()
    {
        { "no meta", 2, 0, "" },
        { "no block time", 2, 0, "" },
        { "absurd amounts", 2, 0, "" },
        { "null transactions", 0, 1, "transactions are null" },
        { "a null transaction", 1, 1, "transaction 0: this is no object" },
        { "unknown version", 1, 1, "transaction 0" },
        { "unknown version of JSON", 1, 1, "only message versions" },
        { "instruction outside the keys", 1, 1, "names key 77" },
        { "inner instruction outside the keys", 1, 1, "names key 77" },
        { "amount beyond a number", 1, 1, "a whole number from 0 to 2^64-1" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Run_has_an_outcome_for_each_bad_block_and_counts_it(string what, int delivered, int missing, string reason)
    {
        var name = $"bad blocks: {what}";
        long unreadable = 0, slots = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, self) =>
            {
                if (instrument.Name is "mev.chain.unreadable" or "mev.chain.missing_slots")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            foreach (var tag in tags)
            {
                if (Equals(tag.Value, name))
                {
                    Interlocked.Add(ref instrument.Name == "mev.chain.unreadable" ? ref unreadable : ref slots, value);
                }
            }
        });
        listener.Start();
        _rpc.Intercept = async (context, method, slot) =>
        {
            if (method != "getBlock" || slot != 101)
            {
                return false;
            }

            await FakeRpc.WriteAsync(context, Damaged(what));
            return true;
        };
        var options = new SolanaRpcSourceOptions
        {
            Name = name,
            FromSlot = 100,
            ToSlot = 103,
            MaxFillAttempts = 1,
            PollInterval = TimeSpan.FromMilliseconds(5),
            FillInterval = TimeSpan.FromMilliseconds(5),
            Connection = { Endpoint = _rpc.Url, RequestsPerSecond = 10_000, RetryInitialDelay = TimeSpan.FromMilliseconds(1), RetryMaxDelay = TimeSpan.FromMilliseconds(5) },
        };
        using var source = new SolanaRpcSource(options, () => _intake, _gaps);
        await source.RunAsync(_intake, TestContext.Current.CancellationToken).WaitAsync(Wait.Long, TestContext.Current.CancellationToken);

        Assert.Equal(delivered, _intake.Transactions.Count(transaction => transaction.Slot == 101));
        Assert.Equal(6, _intake.Transactions.Count(transaction => transaction.Slot != 101));
        Assert.Equal(missing, _gaps.GetGaps().Count);
        Assert.Equal(missing, Interlocked.Read(ref unreadable) + Interlocked.Read(ref slots) > 0 ? 1 : 0);
        Assert.All(_gaps.GetGaps(), gap =>
        {
            Assert.Equal((101ul, GapState.Final), (gap.FirstSlot, gap.State));
            Assert.Contains(reason, gap.Reason, StringComparison.Ordinal);
        });
        var records = _intake.Transactions.Where(transaction => transaction.Slot == 101).ToArray();
        switch (what)
        {
            case "no meta":
                Assert.False(records[0].Flags.HasFlag(TransactionFlags.HasMeta));
                Assert.True(records[1].Flags.HasFlag(TransactionFlags.HasMeta));
                break;
            case "no block time":
                Assert.All(records, record => Assert.Equal(0, record.BlockTimeSeconds));
                break;
            case "absurd amounts":
                Assert.Equal(ulong.MaxValue, records[0].FeeLamports);
                break;
        }
    }

    private string Damaged(string what)
    {
        var block = JsonNode.Parse(_rpc.Chain.BlockJson(101))!;
        var transaction = block["transactions"]![0]!;
        var meta = transaction["meta"]!;
        switch (what)
        {
            case "no meta":
                transaction["meta"] = null;
                break;
            case "no block time":
                block.AsObject().Remove("blockTime");
                break;
            case "absurd amounts":
                meta["fee"] = ulong.MaxValue;
                meta["preBalances"] = new JsonArray(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue);
                meta["computeUnitsConsumed"] = ulong.MaxValue;
                break;
            case "amount beyond a number":
                meta["fee"] = JsonNode.Parse("99999999999999999999999");
                break;
            case "null transactions":
                block["transactions"] = null;
                break;
            case "a null transaction":
                block["transactions"]![0] = null;
                break;
            case "unknown version":
                var wire = FakeChain.Wire(101, 0);
                wire[1 + Signature.Size] = 0x85;
                transaction["transaction"]![0] = Convert.ToBase64String(wire);
                break;
            case "unknown version of JSON":
                transaction["version"] = 9;
                transaction["transaction"] = JsonNode.Parse($$$"""{"signatures":[],"message":{"accountKeys":[],"instructions":[],"recentBlockhash":"{{{Samples.Key(8)}}}"}}""");
                break;
            case "instruction outside the keys":
                var outside = FakeChain.Wire(101, 0);
                outside[^14] = 77; // the last account, before the length of the data and its 12 bytes
                transaction["transaction"]![0] = Convert.ToBase64String(outside);
                break;
            case "inner instruction outside the keys":
                meta["innerInstructions"] = JsonNode.Parse("""[{"index":0,"instructions":[{"programIdIndex":77,"accounts":[],"data":"","stackHeight":2}]}]""");
                break;
        }

        return $$"""{"jsonrpc":"2.0","result":{{block.ToJsonString()}},"id":1}""";
    }
}
