namespace Mev.Sdk.Solana.Addresses;

/// <summary>Market places for collectibles.</summary>
public static class NftMarkets
{
    private static readonly Pubkey[] All =
    [
        Pubkey.Parse("M2mx93ekt1fmXSVkTrUL9xVFHkmME8HTUi5Cyc5aF7K"), // Magic Eden, version 2
        Pubkey.Parse("mmm3XBJg5gk8XJxEKBvdgptZz6SgK4tXvn36sodowMc"), // Magic Eden's market makers
        Pubkey.Parse("TSWAPaqyCSx2KABk68Shruf4rp7CxcNi8hAsbdwmHbN"), // Tensor
        Pubkey.Parse("TCMPhJdwDryooaGtiocG1u3xcYbRpiJzb283XfCZsDp"), // Tensor, compressed
        Pubkey.Parse("hadeK9DLv9eA7ya5KCTqSvSvRZeJC3JgD5a9Y3CNbvu"), // Hadeswap
    ];

    /// <summary>Their programs.</summary>
    public static ReadOnlySpan<Pubkey> Programs => All;
}
