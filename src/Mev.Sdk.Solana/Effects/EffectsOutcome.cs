namespace Mev.Sdk.Solana.Effects;

/// <summary>What became of one transaction that <see cref="TransactionEffects"/> was given.</summary>
public enum EffectsOutcome
{
    /// <summary>It was read and had succeeded.</summary>
    Done = 0,

    /// <summary>It was read and had failed: nothing it did lasted, only <see cref="TransactionEffects.Attempts"/> can hold something.</summary>
    Failed,

    /// <summary>There is no status meta yet; without it nothing but the wire is known.</summary>
    NoMeta,

    /// <summary>The bytes are malformed or contradict each other.</summary>
    Refused,
}
