namespace Mev.Sdk.Solana.Effects;

/// <summary>What a <see cref="TransactionEffects"/> has seen since it was made.</summary>
/// <param name="Done">Transactions read that had succeeded.</param>
/// <param name="Failed">Transactions read that had failed.</param>
/// <param name="WithoutMeta">Transactions without status meta.</param>
/// <param name="Refused">Transactions whose bytes were malformed or contradicted each other.</param>
/// <param name="UnknownInstructions">Instructions of known venues that this library does not describe.</param>
/// <param name="UnrecognisedSwaps">Swaps of programs that are no known venue.</param>
public readonly record struct EffectsCounts(long Done, long Failed, long WithoutMeta, long Refused, long UnknownInstructions, long UnrecognisedSwaps);
