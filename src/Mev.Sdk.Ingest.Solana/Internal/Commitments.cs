using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Solana.Internal;

/// <summary>A commitment by its name in requests and as a stage of records.</summary>
internal static class Commitments
{
    public static string NameOf(ChainCommitment commitment) => commitment switch
    {
        ChainCommitment.Processed => "processed",
        ChainCommitment.Confirmed => "confirmed",
        _ => "finalized",
    };

    public static SightingStage StageOf(ChainCommitment commitment) => commitment switch
    {
        ChainCommitment.Processed => SightingStage.Processed,
        ChainCommitment.Confirmed => SightingStage.Confirmed,
        _ => SightingStage.Finalized,
    };
}
