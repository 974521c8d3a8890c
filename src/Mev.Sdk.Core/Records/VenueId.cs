namespace Mev.Sdk.Records;

/// <summary>Trading venues by stable id; stable on the wire and on disk.</summary>
public enum VenueId : ushort
{
    /// <summary>Not a known venue.</summary>
    Unknown = 0,

    /// <summary>Raydium AMM v4 (constant product).</summary>
    RaydiumV4 = 1,

    /// <summary>Raydium concentrated liquidity.</summary>
    RaydiumClmm = 2,

    /// <summary>Raydium CPMM.</summary>
    RaydiumCpmm = 3,

    /// <summary>Orca Whirlpool.</summary>
    OrcaWhirlpool = 4,

    /// <summary>Meteora DLMM.</summary>
    MeteoraDlmm = 5,

    /// <summary>Pump.fun bonding curve.</summary>
    PumpFun = 6,

    /// <summary>PumpSwap AMM.</summary>
    PumpSwap = 7,

    /// <summary>Jupiter v6, an aggregator: never the venue of a leg, only of a route.</summary>
    JupiterV6 = 8,
}
