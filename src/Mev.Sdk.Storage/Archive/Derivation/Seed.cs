namespace Mev.Sdk.Storage.Archive.Derivation;

/// <summary>One seed of a derived address.</summary>
/// <param name="Kind">Where it comes from.</param>
/// <param name="Account">Which account of the instruction.</param>
/// <param name="Text">Constant bytes.</param>
internal readonly record struct Seed(SeedKind Kind, int Account, byte[] Text)
{
    public static Seed MintOfTarget { get; } = new(SeedKind.MintOfTarget, 0, []);

    public static Seed Program { get; } = new(SeedKind.Program, 0, []);

    public static implicit operator Seed(string text) => new(SeedKind.Text, 0, System.Text.Encoding.ASCII.GetBytes(text));

    public static implicit operator Seed(int account) => new(SeedKind.Account, account, []);
}
