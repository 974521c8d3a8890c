using System.Text;
using System.Text.Json;
using Mev.Sdk.Ingest.Solana.Nodes;
using Mev.Sdk.Ingest.Solana.Tests.Support;
using Mev.Sdk.Records;
using Mev.Sdk.TestKit;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Solana.Tests.Nodes;

public sealed class NodePollerTests : IAsyncLifetime
{
    private static readonly Pubkey Good = Make.Key(1);
    private static readonly Pubkey Late = Make.Key(2);
    private static readonly Pubkey Silent = Make.Key(3);
    private readonly CollectingIntake _intake = new();
    private FakeRpc _rpc = null!;

    public async ValueTask InitializeAsync()
    {
        _rpc = await FakeRpc.StartAsync(new FakeChain(100, 10));
        _rpc.Results["getHealth"] = "\"ok\"";
        _rpc.Results["getIdentity"] = $$$"""{"identity":"{{{Good}}}"}""";
        _rpc.Results["getVersion"] = """{"solana-core":"2.1.0","feature-set":1}""";
        _rpc.Results["getEpochInfo"] = """{"absoluteSlot":1000,"blockHeight":900,"epoch":2,"slotIndex":50,"slotsInEpoch":432000,"transactionCount":1}""";
        _rpc.Results["getVoteAccounts"] = $$$"""
            {"current":[{"activatedStake":500,"commission":7,"epochCredits":[],"epochVoteAccount":true,"lastVote":990,"nodePubkey":"{{{Good}}}","rootSlot":958,"votePubkey":"{{{Make.Key(11)}}}"}],
            "delinquent":[{"activatedStake":100,"commission":100,"epochCredits":[],"epochVoteAccount":true,"lastVote":800,"nodePubkey":"{{{Late}}}","rootSlot":700,"votePubkey":"{{{Make.Key(12)}}}"}]}
            """;
        _rpc.Results["getClusterNodes"] = $$$"""
            [{"pubkey":"{{{Good}}}","gossip":"10.0.0.1:8001","tpu":null,"tpuQuic":"10.0.0.1:8009","rpc":"10.0.0.1:8899","version":"2.1.0","featureSet":1,"shredVersion":5},
            {"pubkey":"{{{Silent}}}","gossip":"10.0.0.3:8001","version":null}]
            """;
        _rpc.Results["getBlockProduction"] = $$$"""{"context":{"slot":1000},"value":{"byIdentity":{"{{{Good}}}":[40,39]},"range":{"firstSlot":950,"lastSlot":1000} } }""";
        _rpc.Results["getLeaderSchedule"] = $$$"""{"{{{Good}}}":[4,48,52,53]}""";
    }

    public ValueTask DisposeAsync() => _rpc.DisposeAsync();

    [Fact]
    public async Task Run_tells_every_node_and_the_endpoints_health()
    {
        await RunAsync(Options(), () => _intake.Nodes.Count() >= 4);
        var endpoint = Views().First(view => view.Name.Length > 0);
        Assert.Equal((Good, NodeHealth.Healthy, 109ul), (endpoint.Record.Identity, endpoint.Record.Health, endpoint.Record.Slot));
        Assert.NotEqual(0ul, endpoint.Record.LatencyNanoseconds);
        Assert.Equal("2.1.0", endpoint.Version);
        var good = Views().First(view => view.Name.Length == 0 && view.Record.Identity == Good);
        Assert.Equal(
            (NodeHealth.Healthy, 500ul, 990ul, 958ul, 40u, 39u, 0u, (byte)7, Make.Key(11)),
            (good.Record.Health, good.Record.ActivatedStakeLamports, good.Record.LastVoteSlot, good.Record.RootSlot, good.Record.LeaderSlots, good.Record.BlocksProduced, good.Record.SlotsBehind, good.Record.CommissionPercent, good.Record.VoteAccount));
        using var addresses = JsonDocument.Parse(good.Addresses);
        Assert.Equal("10.0.0.1:8009", addresses.RootElement.GetProperty("tpuQuic").GetString());
        Assert.Equal("52", addresses.RootElement.GetProperty("nextLeaderSlotInEpoch").GetString());
        Assert.False(addresses.RootElement.TryGetProperty("tpu", out _));
        var late = Views().First(view => view.Record.Identity == Late);
        Assert.Equal((NodeHealth.Delinquent, 190u), (late.Record.Health, late.Record.SlotsBehind));
        Assert.Contains(Views(), view => view.Record.Identity == Silent && view.Record.Health == NodeHealth.Unknown);
    }

    [Fact]
    public async Task Run_with_answers_that_do_not_come_tells_what_it_has()
    {
        _rpc.Results.TryRemove("getVoteAccounts", out _);
        _rpc.Results["getBlockProduction"] = "{\"value\":7}";
        await RunAsync(Options(), () => _intake.Nodes.Count() >= 3);
        Assert.Contains(Views(), view => view.Record.Identity == Silent);
        Assert.All(_intake.Nodes, node => Assert.Equal(0u, node.LeaderSlots));
    }

    [Fact]
    public async Task Run_tells_an_unhealthy_and_an_unreachable_endpoint()
    {
        var gone = await FakeRpc.StartAsync(new FakeChain(1, 1));
        var options = Options();
        var url = gone.Url;
        options.Endpoints.Add(new() { Endpoint = url, RequestTimeout = TimeSpan.FromSeconds(5) });
        await gone.DisposeAsync();
        _rpc.Intercept = async (context, method, _) =>
        {
            if (method != "getHealth")
            {
                return false;
            }

            await FakeRpc.ErrorAsync(context, -32005, "Node is behind by 42 slots");
            return true;
        };
        await RunAsync(options, () => Views().Count(view => view.Name.Length > 0) >= 2);
        Assert.Contains(Views(), view => view.Name == url && view.Record.Health == NodeHealth.Unreachable);
        Assert.Contains(Views(), view => view.Name == _rpc.Url && view.Record.Health == NodeHealth.Behind);
    }

    [Fact]
    public async Task Run_tells_the_nodes_with_the_most_stake_first_and_no_more_than_allowed()
    {
        var options = Options();
        options.MaxNodes = 1;
        await RunAsync(options, () => Views().Any(view => view.Name.Length == 0));
        Assert.All(Views().Where(view => view.Name.Length == 0), view => Assert.Equal(Good, view.Record.Identity));
    }

    private List<(NodeRecord Record, string Name, string Version, byte[] Addresses)> Views()
    {
        var views = new List<(NodeRecord, string, string, byte[])>();
        foreach (var (_, frame) in _intake.Records)
        {
            if (NodeView.TryRead(new RecordView(Lsn.None, frame), out var view))
            {
                views.Add((view.Record, Encoding.UTF8.GetString(view.Name), Encoding.UTF8.GetString(view.Version), view.Addresses.ToArray()));
            }
        }

        return views;
    }

    private NodePollerOptions Options() => new()
    {
        HealthInterval = TimeSpan.FromMilliseconds(20),
        ClusterInterval = TimeSpan.FromMilliseconds(20),
        Connection = { Endpoint = _rpc.Url, RequestsPerSecond = 10_000, MaxAttempts = 1 },
    };

    private async Task RunAsync(NodePollerOptions options, Func<bool> until)
    {
        using var poller = new NodePoller(options, () => _intake);
        await Wait.RunAsync(poller, _intake, until, "the nodes are told");
    }
}
