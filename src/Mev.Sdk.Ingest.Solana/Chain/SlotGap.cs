using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Solana.Chain;

/// <summary>Slots of which something was not delivered, and the sequences that stand for it.</summary>
internal sealed record SlotGap(ulong FirstSlot, ulong LastSlot, ulong FirstSequence, ulong LastSequence, GapState State, GapCause Cause, string Reason)
{
    /// <summary>Times that it was tried to fill it.</summary>
    public int Attempts { get; init; }
}
