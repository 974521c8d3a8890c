using Mev.Sdk.Ingest.Solana.Internal;

namespace Mev.Sdk.Ingest.Solana.Rpc;

/// <summary>Options of the source that polls a JSON-RPC endpoint. Configuration shape: <c>Mev:Ingest:Solana:Rpc:*</c>.</summary>
public sealed class SolanaRpcSourceOptions
{
    /// <summary>Where the options stand in configuration.</summary>
    public const string Section = "Mev:Ingest:Solana:Rpc";

    /// <summary>Identifies the stream in the journal: keep it. Default <c>solana-rpc</c>.</summary>
    public string Name { get; set; } = "solana-rpc";

    /// <summary>The endpoint, <c>Mev:Ingest:Solana:Rpc:Connection:*</c>.</summary>
    public RpcEndpointOptions Connection { get; set; } = new();

    /// <summary>How final blocks must be. Default <see cref="ChainCommitment.Confirmed"/>; <see cref="ChainCommitment.Processed"/> blocks cannot be had by RPC.</summary>
    public ChainCommitment Commitment { get; set; } = ChainCommitment.Confirmed;

    /// <summary>First slot wanted when the journal has nothing of this source. Default null: the tip.</summary>
    public ulong? FromSlot { get; set; }

    /// <summary>Last slot wanted; the source then ends. Default null: it follows the tip.</summary>
    public ulong? ToSlot { get; set; }

    /// <summary>Wait between two looks at the tip. Default 400 ms, one slot; over 0.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(400);

    /// <summary>
    /// Slots behind the tip from which on a restart gives up catching up: what is older is written to the gap ledger. Default 50,000 (about 5.5 h); 0 = never.
    /// Ignored while <see cref="FromSlot"/> or <see cref="ToSlot"/> is set.
    /// </summary>
    public ulong MaxCatchUpSlots { get; set; } = 50_000;

    /// <summary>Wait before a block that could not be had is asked for again. Default 30 s; over 0.</summary>
    public TimeSpan FillInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Tries to fill a gap before it is final. Default 5; 1-1,000.</summary>
    public int MaxFillAttempts { get; set; } = 5;

    internal void Validate(string key, List<string> errors)
    {
        OptionChecks.Name(Name, $"{key}:Name", errors);
        Connection.Validate($"{key}:Connection", errors);
        OptionChecks.Positive(PollInterval, $"{key}:PollInterval", errors);
        OptionChecks.Positive(FillInterval, $"{key}:FillInterval", errors);
        OptionChecks.Range(MaxFillAttempts, 1, 1000, $"{key}:MaxFillAttempts", errors);
        if (Commitment is not (ChainCommitment.Confirmed or ChainCommitment.Finalized))
        {
            errors.Add($"{key}:Commitment is {Commitment}; getBlock knows Confirmed and Finalized blocks only, choose one.");
        }

        if (FromSlot > ToSlot)
        {
            errors.Add($"{key}:FromSlot is {FromSlot}, behind ToSlot of {ToSlot}; exchange them.");
        }
    }
}
