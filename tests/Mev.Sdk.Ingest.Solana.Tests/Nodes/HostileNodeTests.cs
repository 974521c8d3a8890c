using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Solana.Nodes;
using Mev.Sdk.Ingest.Solana.Tests.Support;
using Mev.Sdk.TestKit;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Solana.Tests.Nodes;

/// <summary>Nodes that answer with anything: the poller tells what it has and goes on.</summary>
public sealed class HostileNodeTests : IAsyncLifetime
{
    private static readonly Pubkey Node = Make.Key(1);
    private readonly CollectingIntake _intake = new();
    private FakeRpc _rpc = null!;

    private static Dictionary<string, string> Good => new()
    {
        ["getHealth"] = "\"ok\"",
        ["getSlot"] = "109",
        ["getIdentity"] = $$"""{"identity":"{{Node}}"}""",
        ["getVersion"] = """{"solana-core":"2.1.0","feature-set":1}""",
        ["getEpochInfo"] = """{"absoluteSlot":1000,"slotIndex":50}""",
        ["getVoteAccounts"] = $$"""{"current":[{"activatedStake":500,"commission":7,"lastVote":990,"nodePubkey":"{{Node}}","rootSlot":958,"votePubkey":"{{Make.Key(11)}}"}],"delinquent":[{"activatedStake":1,"nodePubkey":"{{Make.Key(2)}}"}]}""",
        ["getClusterNodes"] = $$"""[{"pubkey":"{{Node}}","gossip":"10.0.0.1:8001","tpu":null,"version":"2.1.0"},{"pubkey":"{{Make.Key(3)}}","version":null}]""",
        ["getBlockProduction"] = $$$"""{"value":{"byIdentity":{"{{{Node}}}":[40,39]} } }""",
        ["getLeaderSchedule"] = $$"""{"{{Node}}":[4,52]}""",
    };

    public async ValueTask InitializeAsync() => _rpc = await FakeRpc.StartAsync(new FakeChain(100, 10));

    public ValueTask DisposeAsync() => _rpc.DisposeAsync();

    [Fact]
    public async Task Run_over_every_wrong_answer_goes_on()
    {
        // The envelope too: results, errors, and what is neither. The identity is asked for until one is known, so that it comes right last.
        var left = new ConcurrentDictionary<string, ConcurrentQueue<string>>(Good.Select(answer => KeyValuePair.Create(answer.Key, new ConcurrentQueue<string>(Wrong(answer.Key, answer.Value)))));
        var rounds = 0;
        _rpc.Intercept = async (context, method, _) =>
        {
            if (!left[method].TryDequeue(out var answer))
            {
                answer = $$"""{"jsonrpc":"2.0","result":{{Good[method]}},"id":1}""";
                rounds += method == "getLeaderSchedule" && left.Values.All(queue => queue.IsEmpty) ? 1 : 0;
            }

            await FakeRpc.WriteAsync(context, answer);
            return true;
        };
        using var poller = new NodePoller(Options(), () => _intake, new IngestMonitor());
        await Wait.RunAsync(poller, _intake, () => Volatile.Read(ref rounds) >= 2 && _intake.Nodes.Any(node => node.Identity == Node && node.LatencyNanoseconds > 0), "every wrong answer was given, and right ones behind");
        Assert.DoesNotContain(left, queue => !queue.Value.IsEmpty);
        Assert.Contains(_intake.Nodes, node => node.Identity == Node && node is { LeaderSlots: 40, BlocksProduced: 39, ActivatedStakeLamports: 500 });
    }

    [Fact]
    public async Task Run_keeps_the_good_entries_of_an_answer_with_bad_ones()
    {
        Answer();
        _rpc.Results["getClusterNodes"] = $$"""[null,7,{"pubkey":null},{"pubkey":7,"version":{} },{"pubkey":"{{Node}}","version":"2.1.0","gossip":7}]""";
        _rpc.Results["getVoteAccounts"] = $$"""{"current":[null,[],{"nodePubkey":"{{Node}}","activatedStake":500}],"delinquent":null}""";
        _rpc.Results["getBlockProduction"] = $$$"""{"value":{"byIdentity":{"{{{Make.Key(2)}}}":null,"{{{Node}}}":[40,39]} } }""";
        _rpc.Results["getLeaderSchedule"] = $$"""{"{{Make.Key(2)}}":7,"{{Node}}":[null,"x",4,52]}""";
        using var poller = new NodePoller(Options(), () => _intake);
        await Wait.RunAsync(poller, _intake, () => Views().Any(view => view.Name.Length == 0), "the node is told");
        var (_, version, addresses) = Views().First(view => view.Name.Length == 0);
        Assert.Equal("2.1.0", version);
        Assert.Equal("""{"nextLeaderSlotInEpoch":"52"}""", addresses);
        Assert.Contains(_intake.Nodes, node => node is { ActivatedStakeLamports: 500, LeaderSlots: 40, BlocksProduced: 39 });
    }

    [Fact]
    public async Task Run_cuts_versions_and_leaves_out_addresses_that_are_absurdly_long()
    {
        Answer();
        var version = new string('x', NodeTexts.MaxBytes - 1) + new string('\u00E9', 4_000_000);
        _rpc.Results["getVersion"] = JsonSerializer.Serialize(new Dictionary<string, string> { ["solana-core"] = version });
        _rpc.Results["getClusterNodes"] = $$"""[{"pubkey":"{{Node}}","gossip":"{{new string('1', 5_000_000)}}","tpu":"10.0.0.1:8003","version":"{{version}}"}]""";
        using var poller = new NodePoller(Options(), () => _intake);
        await Wait.RunAsync(poller, _intake, () => Told().Any(view => view.Name.Length == 0) && Told().Any(view => view.Name.Length > 0), "both are told");

        // Between two characters: the one of two bytes that would not fit whole is not there.
        Assert.All(Told(), view => Assert.Equal(new string('x', NodeTexts.MaxBytes - 1), view.Version));
        Assert.Equal("""{"nextLeaderSlotInEpoch":"52","tpu":"10.0.0.1:8003"}""", Told().First(view => view.Name.Length == 0).Addresses);
        Assert.All(_intake.Records, record => Assert.InRange(record.Frame.Length, 1, 2048));

        IEnumerable<(string Name, string Version, string Addresses)> Told() => Views().Where(view => view.Version.Length > 0);
    }

    private static IEnumerable<string> Wrong(string method, string good)
    {
        foreach (var result in JsonMutations.Of(good).Where(result => !(method == "getIdentity" && result == good)))
        {
            yield return $$"""{"jsonrpc":"2.0","result":{{result}},"id":1}""";
        }

        foreach (var answer in JsonMutations.Of("""{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"},"id":1}"""))
        {
            yield return answer;
        }
    }

    private void Answer()
    {
        foreach (var (method, result) in Good.Where(answer => answer.Key != "getSlot"))
        {
            _rpc.Results[method] = result;
        }
    }

    private List<(string Name, string Version, string Addresses)> Views()
    {
        var views = new List<(string, string, string)>();
        foreach (var (_, frame) in _intake.Records)
        {
            if (Records.NodeView.TryRead(new RecordView(Lsn.None, frame), out var view))
            {
                views.Add((Encoding.UTF8.GetString(view.Name), Encoding.UTF8.GetString(view.Version), Encoding.UTF8.GetString(view.Addresses)));
            }
        }

        return views;
    }

    private NodePollerOptions Options() => new()
    {
        HealthInterval = TimeSpan.FromMilliseconds(1),
        ClusterInterval = TimeSpan.FromMilliseconds(1),
        Connection = { Endpoint = _rpc.Url, RequestsPerSecond = 100_000, MaxAttempts = 1, RetryInitialDelay = TimeSpan.FromMilliseconds(1), RetryMaxDelay = TimeSpan.FromMilliseconds(1) },
    };
}
