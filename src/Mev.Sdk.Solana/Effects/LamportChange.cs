namespace Mev.Sdk.Solana.Effects;

/// <summary>What a transaction did to the lamports of one account.</summary>
/// <param name="Account">The account.</param>
/// <param name="Before">Balance before, lamports.</param>
/// <param name="After">Balance after, lamports.</param>
/// <param name="TokenOwner">Of a token account, who owns it: its lamports are rent, and of wrapped SOL the tokens themselves; zero = it is none, or the meta does not say.</param>
public readonly record struct LamportChange(Pubkey Account, ulong Before, ulong After, Pubkey TokenOwner);
