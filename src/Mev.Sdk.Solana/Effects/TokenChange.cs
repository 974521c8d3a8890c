namespace Mev.Sdk.Solana.Effects;

/// <summary>What a transaction did to an owner's holdings of one token, all its accounts in the transaction together.</summary>
/// <param name="Owner">Who owns them; zero in old blocks that did not record it, then <paramref name="Account"/> tells them apart.</param>
/// <param name="Account">The token account; zero when several of the owner were summed.</param>
/// <param name="Mint">The token.</param>
/// <param name="Before">Holdings before, base units.</param>
/// <param name="After">Holdings after, base units.</param>
/// <param name="Decimals">Decimals of <paramref name="Mint"/>.</param>
public readonly record struct TokenChange(Pubkey Owner, Pubkey Account, Pubkey Mint, UInt128 Before, UInt128 After, byte Decimals);
