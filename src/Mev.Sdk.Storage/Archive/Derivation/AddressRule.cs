namespace Mev.Sdk.Storage.Archive.Derivation;

/// <summary>How a program derives one of the accounts that its instructions name.</summary>
/// <param name="Program">Whose instructions.</param>
/// <param name="Target">Which of their accounts is derived.</param>
/// <param name="DerivingAccount">Which of their accounts is the program that the address is derived for; -1 = the instruction's own program.</param>
/// <param name="CountsUp">Whether the last seed is not a bump of one byte counted down from 255, but a nonce of eight counted up from 0.</param>
/// <param name="Seeds">The seeds.</param>
internal sealed record AddressRule(Pubkey Program, int Target, int DerivingAccount, bool CountsUp, Seed[] Seeds)
{
    /// <summary>Most bumps that are tried: one in sixty-four keys needs more.</summary>
    public const int MostTries = 8;

    /// <summary>Accounts that an instruction must have for the rule to apply.</summary>
    public int LeastAccounts { get; } = 1 + Math.Max(Math.Max(Target, DerivingAccount), Seeds.Where(static seed => seed.Kind == SeedKind.Account).Select(static seed => seed.Account).DefaultIfEmpty(0).Max());
}
