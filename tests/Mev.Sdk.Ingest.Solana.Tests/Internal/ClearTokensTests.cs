using Mev.Sdk.Ingest.Solana.Nodes;
using Mev.Sdk.Ingest.Solana.Rpc;
using Mev.Sdk.Ingest.Solana.Tests.Support;
using Mev.Sdk.Ingest.Solana.Ws;
using Mev.Sdk.Ingest.Solana.Yellowstone;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Ingest.Solana.Tests.Internal;

/// <summary>A secret that goes over a network as it is, is told of, once, and is not shown.</summary>
public sealed class ClearTokensTests
{
    private const string Secret = "a-secret-of-this-test";

    [Theory]
    [InlineData("http://rpc.example:8899", Secret, true)]
    [InlineData("http://rpc.example/?api-key=" + Secret, "", true)]
    [InlineData("http://me:" + Secret + "@rpc.example", "", true)]
    [InlineData("http://10.0.0.7:8899", Secret, true)]
    [InlineData("http://rpc.example:8899", "", false)]
    [InlineData("https://rpc.example", Secret, false)]
    [InlineData("http://localhost:8899", Secret, false)]
    [InlineData("http://127.0.0.9:8899", Secret, false)]
    [InlineData("http://[::1]:8899", Secret, false)]
    public void A_source_tells_once_of_a_secret_without_encryption(string endpoint, string token, bool isTold)
    {
        var rpc = new ListLogger<SolanaRpcSource>();
        using (new SolanaRpcSource(new SolanaRpcSourceOptions { Connection = { Endpoint = endpoint, Token = token } }, logger: rpc))
        {
            AssertTold(rpc.Entries, isTold, "https://");
        }

        var yellowstone = new ListLogger<YellowstoneSource>();
        using (new YellowstoneSource(new YellowstoneSourceOptions { Endpoint = endpoint, Token = token }, logger: yellowstone))
        {
            AssertTold(yellowstone.Entries, isTold, "https://");
        }

        var ws = new ListLogger<SolanaWebSocketSource>();
        using (new SolanaWebSocketSource(new SolanaWebSocketSourceOptions { Endpoint = endpoint.Replace("http", "ws", StringComparison.Ordinal), Token = token, Fill = { Endpoint = "https://rpc.example" } }, logger: ws))
        {
            AssertTold(ws.Entries, isTold, "wss://");
        }

        // Two endpoints at one host are one warning.
        var nodes = new ListLogger<NodePoller>();
        var options = new NodePollerOptions { Connection = { Endpoint = endpoint, Token = token } };
        options.Endpoints.Add(options.Connection);
        using (new NodePoller(options, logger: nodes))
        {
            AssertTold(nodes.Entries, isTold, "https://");
        }
    }

    private static void AssertTold(IReadOnlyList<(LogLevel Level, string Text)> entries, bool isTold, string remedy)
    {
        Assert.Equal(isTold ? 1 : 0, entries.Count(entry => entry.Level == LogLevel.Warning && entry.Text.Contains("without encryption", StringComparison.Ordinal) && entry.Text.Contains(remedy, StringComparison.Ordinal)));
        Assert.DoesNotContain(entries, entry => entry.Text.Contains(Secret, StringComparison.Ordinal));
    }
}
