using System.Collections.Frozen;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Internal;

namespace Mev.Sdk.Solana.Addresses;

/// <summary>Programs, venues and system accounts as people write them.</summary>
/// <remarks>Thread-safe.</remarks>
public static class ProgramNames
{
    private static readonly FrozenDictionary<Pubkey, string> Named = new Dictionary<Pubkey, string>
    {
        [KnownPrograms.System] = "System program",
        [KnownPrograms.Vote] = "Vote program",
        [KnownPrograms.ComputeBudget] = "Compute budget",
        [KnownPrograms.Token] = "Token program",
        [KnownPrograms.Token2022] = "Token-2022 program",
        [KnownPrograms.AssociatedToken] = "Associated token account",
        [KnownPrograms.Memo] = "Memo",
        [KnownPrograms.MemoV1] = "Memo v1",
        [KnownPrograms.JupiterV6] = "Jupiter v6",
        [Pubkey.Parse("JUP4Fb2cqiRUcaTHdrPC8h2gNsA2ETXiPDD33WcGuJB")] = "Jupiter v4",
        [Pubkey.Parse("JUP2jxvXaqu7NQY1GmNF4m1vodw12LVXYxbFL2uJvfo")] = "Jupiter v2",
        [Pubkey.Parse("routeUGWgWzqBWFcrCfv8tritsqukccJPu3q5GPP3xS")] = "Raydium routing",
        [Pubkey.Parse("6m2CDdhRgxpH4WjvdzxAYbGxwdGUz5MziiL5jek2kBma")] = "OKX aggregator",
        [Pubkey.Parse("proVF4pMXVaYqmy4NjniPh4pqKNfMmsihgd4wdkCX3u")] = "OKX Labs aggregator",
        [Pubkey.Parse("DF1ow4tspfHX9JwWJsAb9epbkA8hmpSEAtxXy1V27QBH")] = "DFlow",
        [Pubkey.Parse("T1TANpTeScyeqVzzgNViGDNrkQ6qHz9KrSBS4aNXvGT")] = "Titan",
        [Pubkey.Parse("KLend2g3cP87fffoy8q1mQqGKjrxjC8boSyAYavgmjD")] = "Kamino lending",
        [Pubkey.Parse("MFv2hWf31Z9kbCa1snEPYctwafyhdvnV7FZnsebVacA")] = "marginfi",
        [Pubkey.Parse("dRiftyHA39MWEi3m9aunc5MzRF1JYuBsbn6VPcn33UH")] = "Drift",
        [Pubkey.Parse("PERPHjGBqRHArX4DySjwM6UJHiR3sWAatqfdBS2qQJu")] = "Jupiter Perpetuals",
        [Pubkey.Parse("M2mx93ekt1fmXSVkTrUL9xVFHkmME8HTUi5Cyc5aF7K")] = "Magic Eden v2",
        [Pubkey.Parse("mmm3XBJg5gk8XJxEKBvdgptZz6SgK4tXvn36sodowMc")] = "Magic Eden market makers",
        [Pubkey.Parse("TSWAPaqyCSx2KABk68Shruf4rp7CxcNi8hAsbdwmHbN")] = "Tensor swap",
        [Pubkey.Parse("TCMPhJdwDryooaGtiocG1u3xcYbRpiJzb283XfCZsDp")] = "Tensor compressed",
        [Pubkey.Parse("hadeK9DLv9eA7ya5KCTqSvSvRZeJC3JgD5a9Y3CNbvu")] = "Hadeswap",
        [JitoTips.PaymentProgram] = "Jito tip payment",
        [JitoTips.DistributionProgram] = "Jito tip distribution",
        [Pubkey.Parse("Stake11111111111111111111111111111111111111")] = "Stake program",
        [Pubkey.Parse("Config1111111111111111111111111111111111111")] = "Config program",
        [Pubkey.Parse("AddressLookupTab1e1111111111111111111111111")] = "Address lookup table",
        [Pubkey.Parse("BPFLoaderUpgradeab1e11111111111111111111111")] = "BPF upgradeable loader",
        [Pubkey.Parse("BPFLoader2111111111111111111111111111111111")] = "BPF loader 2",
        [Pubkey.Parse("Ed25519SigVerify111111111111111111111111111")] = "Ed25519 verification",
        [Pubkey.Parse("KeccakSecp256k11111111111111111111111111111")] = "Secp256k1 verification",
        [Pubkey.Parse("metaqbxxUerdq28cj1RbAWkYQm3ybzjb6a8bt518x1s")] = "Token metadata",
        [Pubkey.Parse("SysvarRent111111111111111111111111111111111")] = "Sysvar: rent",
        [Pubkey.Parse("SysvarC1ock11111111111111111111111111111111")] = "Sysvar: clock",
        [Pubkey.Parse("Sysvar1nstructions1111111111111111111111111")] = "Sysvar: instructions",
        [Pubkey.Parse("SysvarRecentB1ockHashes11111111111111111111")] = "Sysvar: recent blockhashes",
        [Pubkey.Parse("SysvarS1otHashes111111111111111111111111111")] = "Sysvar: slot hashes",
        [Pubkey.Parse("SysvarStakeHistory1111111111111111111111111")] = "Sysvar: stake history",
        [KnownMints.WrappedSol] = "Wrapped SOL mint",
        [KnownMints.UsdCoin] = "USDC mint",
    }.ToFrozenDictionary();

    /// <summary>The name of a program, a sysvar, or a mint or tip account that everybody knows.</summary>
    /// <param name="key">Its address.</param>
    /// <returns>The name; null = not known.</returns>
    public static string? Find(in Pubkey key) =>
        Named.TryGetValue(key, out var name) ? name
        : ProgramTable.Find(in key).Venue is { } venue ? Of(venue.Id)
        : JitoTips.Contains(in key) ? "Jito tip account"
        : null;

    /// <summary>The programs of a venue.</summary>
    /// <param name="venue">The venue.</param>
    /// <returns>Its programs, all with the same instructions; none for <see cref="VenueId.Unknown"/> and for aggregators.</returns>
    public static ReadOnlySpan<Pubkey> ProgramsOf(VenueId venue) => Array.Find(Venues.VenueCatalog.All, known => known.Id == venue)?.Programs;

    /// <summary>The venue that a program belongs to.</summary>
    /// <param name="program">The program.</param>
    /// <returns>The venue; <see cref="VenueId.Unknown"/> when it is none that this library describes.</returns>
    public static VenueId VenueOf(in Pubkey program) => ProgramTable.Find(in program).Venue?.Id ?? VenueId.Unknown;

    /// <summary>The name of a venue.</summary>
    /// <param name="venue">The venue.</param>
    /// <returns>Its name; "Unknown venue" for one that this version does not know.</returns>
    public static string Of(VenueId venue) => venue switch
    {
        VenueId.RaydiumV4 => "Raydium v4",
        VenueId.RaydiumClmm => "Raydium CLMM",
        VenueId.RaydiumCpmm => "Raydium CPMM",
        VenueId.OrcaWhirlpool => "Orca Whirlpool",
        VenueId.MeteoraDlmm => "Meteora DLMM",
        VenueId.PumpFun => "Pump.fun",
        VenueId.PumpSwap => "PumpSwap",
        VenueId.JupiterV6 => "Jupiter",
        VenueId.MeteoraDammV1 => "Meteora DAMM v1",
        VenueId.MeteoraDammV2 => "Meteora DAMM v2",
        VenueId.RaydiumLaunchLab => "Raydium LaunchLab",
        VenueId.RaydiumStable => "Raydium stable",
        VenueId.OrcaTokenSwap => "Orca token swap",
        VenueId.Saber => "Saber",
        VenueId.Mercurial => "Mercurial",
        VenueId.Phoenix => "Phoenix",
        VenueId.OpenBookV2 => "OpenBook v2",
        VenueId.Manifest => "Manifest",
        VenueId.LifinityV2 => "Lifinity v2",
        VenueId.GooseFxGamma => "GooseFX GAMMA",
        VenueId.DefiTunaFusion => "DefiTuna Fusion",
        VenueId.Byreal => "Byreal",
        VenueId.PancakeSwapClmm => "PancakeSwap CLMM",
        VenueId.SolFi => "SolFi",
        VenueId.SolFiV2 => "SolFi v2",
        VenueId.HumidiFi => "HumidiFi",
        VenueId.ZeroFi => "ZeroFi",
        VenueId.GoonFi => "GoonFi",
        VenueId.TesseraV => "Tessera V",
        VenueId.BisonFi => "BisonFi",
        VenueId.AlphaQ => "AlphaQ",
        VenueId.Aquifer => "Aquifer",
        VenueId.Scorch => "Scorch",
        VenueId.MeteoraDbc => "Meteora DBC",
        VenueId.Moonshot => "Moonshot",
        VenueId.Boop => "Boop",
        VenueId.Heaven => "Heaven",
        VenueId.Stabble => "Stabble",
        VenueId.FluxBeam => "FluxBeam",
        VenueId.BonkSwap => "BonkSwap",
        VenueId.Vertigo => "Vertigo",
        _ => "Unknown venue",
    };
}
