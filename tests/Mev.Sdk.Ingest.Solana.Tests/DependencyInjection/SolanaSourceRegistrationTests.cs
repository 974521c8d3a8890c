using Mev.Sdk.Ingest.Solana.Files;
using Mev.Sdk.Ingest.Solana.Nodes;
using Mev.Sdk.Ingest.Solana.Rpc;
using Mev.Sdk.Ingest.Solana.Ws;
using Mev.Sdk.Ingest.Solana.Yellowstone;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Mev.Sdk.Ingest.Solana.Tests.DependencyInjection;

public sealed class SolanaSourceRegistrationTests
{
    public static TheoryData<string, Type> Sources => new()
    {
        { "solana-rpc", typeof(SolanaRpcSource) },
        { "solana-ws", typeof(SolanaWebSocketSource) },
        { "yellowstone", typeof(YellowstoneSource) },
        { "block-files", typeof(BlockFileSource) },
    };

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task AddSolanaSource_adds_the_source_that_is_named_with_options_from_configuration(string name, Type type)
    {
        await using var services = Build(name, out var added);
        Assert.True(added);
        var source = Assert.Single(services.GetServices<IRecordSource>());
        Assert.IsType(type, source);
        Assert.Equal("mine", source.Name);
        Assert.Equal(source.Name, services.GetRequiredService<IngestMonitor>().GetSnapshot().Sources.Single().Name);
    }

    [Fact]
    public async Task AddSolanaSource_adds_nothing_for_another_name()
    {
        await using var services = Build("engine", out var added);
        Assert.False(added);
        Assert.Empty(services.GetServices<IRecordSource>());
    }

    [Theory]
    [InlineData("Rpc:Connection:Endpiont", "x", "Mev:Ingest:Solana:Rpc:Connection:Endpiont is no option; there are Endpoint, ")]
    [InlineData("Rcp:PollInterval", "x", "Mev:Ingest:Solana:Rcp is no option; there are Files, Nodes, Rpc, WebSocket, Yellowstone.")]
    [InlineData("Yellowstone:Commitment", "Rooted", "Mev:Ingest:Solana:Yellowstone:Commitment is 'Rooted'; give Processed, Confirmed or Finalized.")]
    [InlineData("Rpc:FromSlot", "-1", "Mev:Ingest:Solana:Rpc:FromSlot is '-1'; give a whole number without separators from 0 to 18446744073709551615.")]
    public void Keys_and_values_that_mean_nothing_are_named(string key, string value, string expected)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [new("Mev:Source", "solana-rpc"), new("Mev:Ingest:Solana:Rpc:Connection:Endpoint", "https://h"), new($"Mev:Ingest:Solana:{key}", value)]).Build();
        var collection = new ServiceCollection();
        collection.AddSingleton<IConfiguration>(configuration);
        Assert.True(collection.AddMevSdk().AddSolanaSource(configuration));
        using var services = collection.BuildServiceProvider();
        var failures = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<SolanaRpcSourceOptions>>().Value).Failures;
        Assert.StartsWith(expected, Assert.Single(failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_of_keys_are_bound()
    {
        await using var services = Build("yellowstone", out _);
        var options = services.GetRequiredService<IOptions<YellowstoneSourceOptions>>().Value;
        Assert.Equal([TestKit.Make.Key(1).ToString()], options.Transactions.AccountInclude);
        Assert.False(options.Transactions.Vote);
        Assert.Equal("tkn", options.Token);
    }

    [Fact]
    public async Task A_missing_endpoint_is_named_with_its_key()
    {
        var collection = new ServiceCollection();
        collection.AddMevSdk().AddNodePoller();
        await using var services = collection.BuildServiceProvider();
        var error = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<NodePoller>());
        Assert.Contains("Mev:Ingest:Solana:Nodes:Connection:Endpoint is missing", error.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Build(string source, out bool added)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Mev:Source"] = source,
            ["Mev:Ingest:Solana:Rpc:Name"] = "mine",
            ["Mev:Ingest:Solana:Rpc:Connection:Endpoint"] = "http://127.0.0.1:1",
            ["Mev:Ingest:Solana:WebSocket:Name"] = "mine",
            ["Mev:Ingest:Solana:WebSocket:Endpoint"] = "ws://127.0.0.1:1",
            ["Mev:Ingest:Solana:Yellowstone:Name"] = "mine",
            ["Mev:Ingest:Solana:Yellowstone:Endpoint"] = "http://127.0.0.1:1",
            ["Mev:Ingest:Solana:Yellowstone:Token"] = "tkn",
            ["Mev:Ingest:Solana:Yellowstone:Transactions:Vote"] = "false",
            ["Mev:Ingest:Solana:Yellowstone:Transactions:AccountInclude:0"] = TestKit.Make.Key(1).ToString(),
            ["Mev:Ingest:Solana:Files:Name"] = "mine",
            ["Mev:Ingest:Solana:Files:Folder"] = ".",
        }).Build();
        var collection = new ServiceCollection();
        added = collection.AddMevSdk().AddSolanaSource(configuration);
        return collection.BuildServiceProvider();
    }
}
