namespace Mev.Sdk.Storage.Archive.Derivation;

/// <summary>Where a seed of a derived address comes from.</summary>
internal enum SeedKind
{
    /// <summary>Constant bytes.</summary>
    Text,

    /// <summary>An account of the instruction.</summary>
    Account,

    /// <summary>The mint of the token account that is derived.</summary>
    MintOfTarget,

    /// <summary>The instruction's program.</summary>
    Program,
}
