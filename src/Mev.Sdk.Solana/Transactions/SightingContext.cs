using Mev.Sdk.Records;

namespace Mev.Sdk.Solana.Transactions;

/// <summary>What is known about a transaction's sighting besides its bytes.</summary>
/// <param name="Slot">Slot of its block, or for a pending sighting the slot it was seen in.</param>
/// <param name="BlockTimeSeconds">The block's production time, seconds since the Unix epoch; 0 = unknown.</param>
/// <param name="IndexInBlock">Position within its block, from 0.</param>
/// <param name="Stage">How final the sighting is.</param>
/// <param name="Flags">Flags that the decoder adds to its own, such as <see cref="TransactionFlags.Simulated"/>.</param>
public readonly record struct SightingContext(
    ulong Slot,
    long BlockTimeSeconds = 0,
    uint IndexInBlock = 0,
    SightingStage Stage = SightingStage.Unknown,
    TransactionFlags Flags = TransactionFlags.None);
