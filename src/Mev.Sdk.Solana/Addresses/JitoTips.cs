namespace Mev.Sdk.Solana.Addresses;

/// <summary>Jito's tip accounts: a bundle pays its tip by a transfer of lamports to one of them.</summary>
/// <remarks>Source: Jito's documentation, "Tip amount"; <c>getTipAccounts</c> of a block engine returns the same eight.</remarks>
public static class JitoTips
{
    /// <summary>The program that owns the tip accounts.</summary>
    public static readonly Pubkey PaymentProgram = Pubkey.Parse("T1pyyaTNZsKv2WcRAB8oVnk93mLJw2XzjtVYqCsaHqt");

    /// <summary>The program that distributes tips to stakers.</summary>
    public static readonly Pubkey DistributionProgram = Pubkey.Parse("4R3gSG8BpU4t19KYj8CfnbtRpnT8gtk4dvTHxVRwc2r7");

    private static readonly Pubkey[] All =
    [
        Pubkey.Parse("3AVi9Tg9Uo68tJfuvoKvqKNWKkC5wPdSSdeBnizKZ6jT"),
        Pubkey.Parse("HFqU5x63VTqvQss8hp11i4wVV8bD44PvwucfZ2bU7gRe"),
        Pubkey.Parse("Cw8CFyM9FkoMi7K7Crf6HNQqf4uEMzpKw6QNghXLvLkY"),
        Pubkey.Parse("DfXygSm4jCyNCybVYYK6DwvWqjKee8pbDmJGcLWNDXjh"),
        Pubkey.Parse("96gYZGLnJYVFmbjzopPSU6QiEV5fGqZNyN9nmNhvrZU5"),
        Pubkey.Parse("DttWaMuVvTiduZRnguLF7jNxTgiMBZ1hyAumKUiL2KRL"),
        Pubkey.Parse("ADuUkR4vqLUMWXxW9gh6D6L8pMSawimctcNZ5pGwDcEt"),
        Pubkey.Parse("ADaUMid9yfUytqMBgopwjb2DTLSokTSzL1zt6iGPaS49"),
    ];

    /// <summary>The tip accounts.</summary>
    public static ReadOnlySpan<Pubkey> Accounts => All;

    /// <summary>Whether a key is a tip account.</summary>
    /// <param name="key">The key.</param>
    /// <returns>True for the eight.</returns>
    public static bool Contains(in Pubkey key) => Accounts.Contains(key);
}
