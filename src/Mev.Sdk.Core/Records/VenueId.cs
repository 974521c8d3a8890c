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

    /// <summary>Meteora's dynamic pools, version 1.</summary>
    MeteoraDammV1 = 9,

    /// <summary>Meteora's dynamic pools, version 2.</summary>
    MeteoraDammV2 = 10,

    /// <summary>Raydium LaunchLab bonding curve.</summary>
    RaydiumLaunchLab = 11,

    /// <summary>Raydium stable AMM.</summary>
    RaydiumStable = 12,

    /// <summary>Orca's token-swap pools before Whirlpool.</summary>
    OrcaTokenSwap = 13,

    /// <summary>Saber stable pools.</summary>
    Saber = 14,

    /// <summary>Mercurial stable pools.</summary>
    Mercurial = 15,

    /// <summary>Phoenix order books.</summary>
    Phoenix = 16,

    /// <summary>OpenBook, version 2.</summary>
    OpenBookV2 = 17,

    /// <summary>Manifest order books.</summary>
    Manifest = 18,

    /// <summary>Lifinity, version 2.</summary>
    LifinityV2 = 19,

    /// <summary>GooseFX GAMMA.</summary>
    GooseFxGamma = 20,

    /// <summary>DefiTuna Fusion AMM.</summary>
    DefiTunaFusion = 21,

    /// <summary>Byreal concentrated liquidity.</summary>
    Byreal = 22,

    /// <summary>PancakeSwap concentrated liquidity.</summary>
    PancakeSwapClmm = 23,

    /// <summary>SolFi.</summary>
    SolFi = 24,

    /// <summary>SolFi, version 2.</summary>
    SolFiV2 = 25,

    /// <summary>HumidiFi.</summary>
    HumidiFi = 26,

    /// <summary>ZeroFi.</summary>
    ZeroFi = 27,

    /// <summary>GoonFi.</summary>
    GoonFi = 28,

    /// <summary>Tessera V.</summary>
    TesseraV = 29,

    /// <summary>BisonFi.</summary>
    BisonFi = 30,

    /// <summary>AlphaQ.</summary>
    AlphaQ = 31,

    /// <summary>Aquifer.</summary>
    Aquifer = 32,

    /// <summary>Scorch.</summary>
    Scorch = 33,

    /// <summary>Meteora dynamic bonding curve.</summary>
    MeteoraDbc = 34,

    /// <summary>Moonshot.</summary>
    Moonshot = 35,

    /// <summary>Boop.</summary>
    Boop = 36,

    /// <summary>Heaven.</summary>
    Heaven = 37,

    /// <summary>Stabble, stable and weighted pools.</summary>
    Stabble = 38,

    /// <summary>FluxBeam.</summary>
    FluxBeam = 39,

    /// <summary>BonkSwap.</summary>
    BonkSwap = 40,

    /// <summary>Vertigo.</summary>
    Vertigo = 41,
}
