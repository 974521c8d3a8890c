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
        _ => "Unknown venue",
    };

    /// <summary>Venues that a filter offers.</summary>
    public static IEnumerable<VenueId> All => Enum.GetValues<VenueId>().Where(static v => v is not VenueId.Unknown);
}
