using Mev.Sdk.Configuration;
using Mev.Sdk.Ingest.Solana.Files;
using Mev.Sdk.Ingest.Solana.Nodes;
using Mev.Sdk.Ingest.Solana.Rpc;
using Mev.Sdk.Ingest.Solana.Ws;
using Mev.Sdk.Ingest.Solana.Yellowstone;

namespace Mev.Sdk.Ingest.Solana.DependencyInjection;

/// <summary>Tells of keys under <c>Mev:Ingest:Solana</c> that no source's options have, and of values of the wrong type; of all sources, since a host may have the sections of several.</summary>
/// <typeparam name="TOptions">The options of the source that is used.</typeparam>
internal sealed class SourceConfigurationCheck<TOptions>(IServiceProvider services) : ConfigurationCheck<TOptions>(services, "Mev:Ingest:Solana", Shapes.All)
    where TOptions : class
{
    private static class Shapes
    {
        private static readonly OptionShape Endpoint = OptionShape.Of<RpcEndpointOptions>();

        public static readonly OptionShape All = OptionShape.Group(
            ("Rpc", OptionShape.Of<SolanaRpcSourceOptions>(("Connection", Endpoint))),
            ("WebSocket", OptionShape.Of<SolanaWebSocketSourceOptions>(("Fill", Endpoint))),
            ("Yellowstone", OptionShape.Of<YellowstoneSourceOptions>(
                ("Transactions", OptionShape.Of<YellowstoneTransactionFilter>()), ("Accounts", OptionShape.Of<YellowstoneAccountFilter>()), ("Fill", Endpoint))),
            ("Files", OptionShape.Of<BlockFileSourceOptions>()),
            ("Nodes", OptionShape.Of<NodePollerOptions>(("Connection", Endpoint), ("Endpoints", OptionShape.Each(Endpoint)))));
    }
}
