namespace Mev.Sdk.Solana.Meta;

/// <summary>The balance of one token account before or after a transaction.</summary>
/// <param name="AccountIndex">Index of the token account in the transaction's keys.</param>
/// <param name="Mint">The token.</param>
/// <param name="Owner">Who owns the token account; zero in old blocks that did not record it.</param>
/// <param name="TokenProgram">The token program; zero in old blocks that did not record it.</param>
/// <param name="Amount">Balance, base units.</param>
/// <param name="Decimals">Decimals of the mint.</param>
public readonly record struct TokenBalance(byte AccountIndex, Pubkey Mint, Pubkey Owner, Pubkey TokenProgram, ulong Amount, byte Decimals);
