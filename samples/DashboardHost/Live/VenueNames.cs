using Mev.Sdk.Records;

namespace Mev.Sdk.DashboardHost.Live;

/// <summary>Venues as people write them.</summary>
internal static class VenueNames
{
    public static string Get(VenueId venue) => venue switch
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
        _ => "Unknown venue",
    };

    /// <summary>Venues that a filter offers.</summary>
    public static IEnumerable<VenueId> All => Enum.GetValues<VenueId>().Where(static v => v is not VenueId.Unknown);
}
