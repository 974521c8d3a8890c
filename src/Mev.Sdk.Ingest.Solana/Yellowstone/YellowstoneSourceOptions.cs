using Mev.Sdk.Ingest.Solana.Internal;
using Mev.Sdk.Ingest.Solana.Rpc;

namespace Mev.Sdk.Ingest.Solana.Yellowstone;

/// <summary>Options of the source that follows a Yellowstone (Geyser) gRPC endpoint. Configuration shape: <c>Mev:Ingest:Solana:Yellowstone:*</c>.</summary>
public sealed class YellowstoneSourceOptions
{
    /// <summary>Where the options stand in configuration.</summary>
    public const string Section = "Mev:Ingest:Solana:Yellowstone";

    /// <summary>Identifies the stream in the journal: keep it. Default <c>yellowstone</c>.</summary>
    public string Name { get; set; } = "yellowstone";

    /// <summary>Where: <c>http://</c> or <c>https://</c>. Default none: required.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>A secret sent with every call in <see cref="TokenHeader"/>; never shown. Default none.</summary>
    public string Token { get; set; } = "";

    /// <summary>The header that carries <see cref="Token"/>. Default <c>x-token</c>.</summary>
    public string TokenHeader { get; set; } = "x-token";

    /// <summary>How final what is sent must be. Default <see cref="ChainCommitment.Processed"/>, the earliest; later stages follow as records of their slots.</summary>
    public ChainCommitment Commitment { get; set; } = ChainCommitment.Processed;

    /// <summary>Which transactions; see <see cref="YellowstoneTransactionFilter"/>. Default all.</summary>
    public YellowstoneTransactionFilter Transactions { get; set; } = new();

    /// <summary>Which accounts' writes; see <see cref="YellowstoneAccountFilter"/>. Default none.</summary>
    public YellowstoneAccountFilter Accounts { get; set; } = new();

    /// <summary>Whether transactions come as whole blocks, one message each, instead of one by one as they are executed. Default false.</summary>
    public bool WholeBlocks { get; set; }

    /// <summary>Tells clusters apart in the journal. Default <c>mainnet-beta</c>; change it together with the endpoint's cluster.</summary>
    public string Cluster { get; set; } = "mainnet-beta";

    /// <summary>First slot wanted when the journal has nothing of this source, as far back as the server replays. Default null: what comes next.</summary>
    public ulong? FromSlot { get; set; }

    /// <summary>Longest message that is read, bytes. Default 64 MiB; 64 KiB to 1 GiB.</summary>
    public int MaxMessageBytes { get; set; } = 64 << 20;

    /// <summary>Silence after which the stream is given up and opened again. Default 30 s; over 0. A healthy stream says something every slot.</summary>
    public TimeSpan SilenceTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Wait before the first try to reconnect; it doubles with each failure, with jitter of up to a half. Default 250 ms; over 0.</summary>
    public TimeSpan ReconnectInitialDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest wait between tries to reconnect. Default 15 s; not under <see cref="ReconnectInitialDelay"/>.</summary>
    public TimeSpan ReconnectMaxDelay { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>A JSON-RPC endpoint that fills what the server cannot replay, <c>Mev:Ingest:Solana:Yellowstone:Fill:*</c>. Default none: such gaps are final.</summary>
    public RpcEndpointOptions Fill { get; set; } = new();

    /// <summary>Wait before a gap that could not be filled is tried again. Default 10 s; over 0.</summary>
    public TimeSpan FillInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Tries to fill a gap before it is final. Default 10; 1-1,000.</summary>
    public int MaxFillAttempts { get; set; } = 10;

    internal void Validate(string key, List<string> errors)
    {
        OptionChecks.Name(Name, $"{key}:Name", errors);
        OptionChecks.Uri(Endpoint, $"{key}:Endpoint", errors, "http", "https");
        OptionChecks.Header(Token, TokenHeader, key, errors);
        Transactions.Validate($"{key}:Transactions", errors);
        Accounts.Validate($"{key}:Accounts", errors);
        OptionChecks.Range(MaxMessageBytes, 64 << 10, 1 << 30, $"{key}:MaxMessageBytes", errors);
        OptionChecks.Positive(SilenceTimeout, $"{key}:SilenceTimeout", errors);
        OptionChecks.Positive(ReconnectInitialDelay, $"{key}:ReconnectInitialDelay", errors);
        OptionChecks.Positive(FillInterval, $"{key}:FillInterval", errors);
        OptionChecks.Range(MaxFillAttempts, 1, 1000, $"{key}:MaxFillAttempts", errors);
        if (ReconnectMaxDelay < ReconnectInitialDelay)
        {
            errors.Add($"{key}:ReconnectMaxDelay is {ReconnectMaxDelay}, under ReconnectInitialDelay of {ReconnectInitialDelay}; raise it.");
        }

        if (Fill.Endpoint.Length > 0)
        {
            Fill.Validate($"{key}:Fill", errors);
        }
    }
}
