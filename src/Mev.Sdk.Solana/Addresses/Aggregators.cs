namespace Mev.Sdk.Solana.Addresses;

/// <summary>Programs that route a trade over other programs' pools; never the venue of a leg.</summary>
public static class Aggregators
{
    private static readonly Pubkey[] All =
    [
        KnownPrograms.JupiterV6,
        Pubkey.Parse("JUP4Fb2cqiRUcaTHdrPC8h2gNsA2ETXiPDD33WcGuJB"), // Jupiter v4
        Pubkey.Parse("routeUGWgWzqBWFcrCfv8tritsqukccJPu3q5GPP3xS"), // Raydium routing
        Pubkey.Parse("6m2CDdhRgxpH4WjvdzxAYbGxwdGUz5MziiL5jek2kBma"), // OKX
        Pubkey.Parse("proVF4pMXVaYqmy4NjniPh4pqKNfMmsihgd4wdkCX3u"), // OKX Labs
        Pubkey.Parse("DF1ow4tspfHX9JwWJsAb9epbkA8hmpSEAtxXy1V27QBH"), // DFlow
        Pubkey.Parse("T1TANpTeScyeqVzzgNViGDNrkQ6qHz9KrSBS4aNXvGT"), // Titan
        Pubkey.Parse("JUP2jxvXaqu7NQY1GmNF4m1vodw12LVXYxbFL2uJvfo"), // Jupiter v2
    ];

    /// <summary>Their programs.</summary>
    public static ReadOnlySpan<Pubkey> Programs => All;

    /// <summary>Whether a program is a known aggregator.</summary>
    /// <param name="program">The program.</param>
    /// <returns>True for known ones; an unknown router is told by the swaps below it.</returns>
    public static bool Contains(in Pubkey program) => Programs.Contains(program);
}
