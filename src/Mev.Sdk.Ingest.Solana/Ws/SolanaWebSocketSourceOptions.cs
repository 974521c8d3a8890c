using Mev.Sdk.Ingest.Solana.Internal;
using Mev.Sdk.Ingest.Solana.Rpc;

namespace Mev.Sdk.Ingest.Solana.Ws;

/// <summary>Options of the source that follows a node's WebSocket subscriptions. Configuration shape: <c>Mev:Ingest:Solana:WebSocket:*</c>.</summary>
public sealed class SolanaWebSocketSourceOptions
{
    /// <summary>Where the options stand in configuration.</summary>
    public const string Section = "Mev:Ingest:Solana:WebSocket";

    /// <summary>Identifies the stream in the journal: keep it. Default <c>solana-ws</c>.</summary>
    public string Name { get; set; } = "solana-ws";

    /// <summary>Where: <c>ws://</c> or <c>wss://</c>. Default none: required. A key in its path or query is never shown.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>A secret sent with the handshake in <see cref="TokenHeader"/>; never shown. Default none.</summary>
    public string Token { get; set; } = "";

    /// <summary>The header that carries <see cref="Token"/>. Default <c>Authorization</c>, where the token is sent as <c>Bearer TOKEN</c>.</summary>
    public string TokenHeader { get; set; } = "Authorization";

    /// <summary>How final blocks must be. Default <see cref="ChainCommitment.Confirmed"/>; blocks come <see cref="ChainCommitment.Confirmed"/> or <see cref="ChainCommitment.Finalized"/>.</summary>
    public ChainCommitment Commitment { get; set; } = ChainCommitment.Confirmed;

    /// <summary>
    /// Whether blocks are subscribed to (<c>blockSubscribe</c>, which a node must be started for). Default true; false polls <see cref="Fill"/> for blocks, and
    /// the socket brings stages and logs.
    /// </summary>
    public bool Blocks { get; set; } = true;

    /// <summary>A key that transactions must mention to be sent as pending sightings by <c>logsSubscribe</c>. Default none: logs are not subscribed to.</summary>
    public string LogsMention { get; set; } = "";

    /// <summary>Silence after which the connection is given up and made again. Default 30 s; over 0. Slots are told several times a second.</summary>
    public TimeSpan SilenceTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Time between pings. Default 10 s; over 0.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest message that is read, bytes. Default 256 MiB; 64 KiB to 1 GiB.</summary>
    public int MaxMessageBytes { get; set; } = 256 << 20;

    /// <summary>Wait before the first try to reconnect; it doubles with each failure, with jitter of up to a half. Default 250 ms; over 0.</summary>
    public TimeSpan ReconnectInitialDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest wait between tries to reconnect. Default 15 s; not under <see cref="ReconnectInitialDelay"/>.</summary>
    public TimeSpan ReconnectMaxDelay { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Tells clusters apart in the journal. Default <c>mainnet-beta</c>; change it together with the endpoint's cluster.</summary>
    public string Cluster { get; set; } = "mainnet-beta";

    /// <summary>A JSON-RPC endpoint that fills what was missed, <c>Mev:Ingest:Solana:WebSocket:Fill:*</c>. Default none: such gaps are final.</summary>
    public RpcEndpointOptions Fill { get; set; } = new();

    /// <summary>Wait before a gap that could not be filled is tried again. Default 10 s; over 0.</summary>
    public TimeSpan FillInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Tries to fill a gap before it is final. Default 10; 1-1,000.</summary>
    public int MaxFillAttempts { get; set; } = 10;

    internal void Validate(string key, List<string> errors)
    {
        OptionChecks.Name(Name, $"{key}:Name", errors);
        OptionChecks.Uri(Endpoint, $"{key}:Endpoint", errors, "ws", "wss");
        OptionChecks.Header(Token, TokenHeader, key, errors);
        OptionChecks.Positive(SilenceTimeout, $"{key}:SilenceTimeout", errors);
        OptionChecks.Positive(PingInterval, $"{key}:PingInterval", errors);
        OptionChecks.Range(MaxMessageBytes, 64 << 10, 1 << 30, $"{key}:MaxMessageBytes", errors);
        OptionChecks.Positive(ReconnectInitialDelay, $"{key}:ReconnectInitialDelay", errors);
        OptionChecks.Positive(FillInterval, $"{key}:FillInterval", errors);
        OptionChecks.Range(MaxFillAttempts, 1, 1000, $"{key}:MaxFillAttempts", errors);
        if (ReconnectMaxDelay < ReconnectInitialDelay)
        {
            errors.Add($"{key}:ReconnectMaxDelay is {ReconnectMaxDelay}, under ReconnectInitialDelay of {ReconnectInitialDelay}; raise it.");
        }

        if (Commitment is not (ChainCommitment.Confirmed or ChainCommitment.Finalized))
        {
            errors.Add($"{key}:Commitment is {Commitment}; blocks can be subscribed to Confirmed or Finalized, choose one.");
        }

        if (LogsMention.Length > 0)
        {
            OptionChecks.Keys([LogsMention], $"{key}:LogsMention", errors);
        }

        if (Fill.Endpoint.Length > 0)
        {
            Fill.Validate($"{key}:Fill", errors);
        }
        else if (!Blocks)
        {
            errors.Add($"{key}:Blocks is false, but {key}:Fill:Endpoint is missing; without either no block can be had.");
        }
    }
}
