namespace Mev.Sdk.Features.Operators;

internal static class Mints
{
    public const double LamportsPerSol = 1e9;

    public static readonly Pubkey WrappedSol = Pubkey.Parse("So11111111111111111111111111111111111111112");
}
