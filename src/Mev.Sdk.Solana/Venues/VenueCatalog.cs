namespace Mev.Sdk.Solana.Venues;

/// <summary>All venues that this library describes.</summary>
internal static class VenueCatalog
{
    public static VenueDefinition[] All { get; } =
    [
        RaydiumV4.Definition,
        RaydiumClmm.Definition,
        RaydiumCpmm.Definition,
        OrcaWhirlpool.Definition,
        MeteoraDlmm.Definition,
        PumpFun.Definition,
        PumpSwap.Definition,
        MeteoraDammV1.Definition,
        MeteoraDammV2.Definition,
        RaydiumLaunchLab.Definition,
        RaydiumStable.Definition,
        OrcaTokenSwap.Definition,
        Saber.Definition,
        Mercurial.Definition,
        Phoenix.Definition,
        OpenBookV2.Definition,
        Manifest.Definition,
        LifinityV2.Definition,
        GooseFxGamma.Definition,
        DefiTunaFusion.Definition,
        Byreal.Definition,
        PancakeSwapClmm.Definition,
        SolFi.Definition,
        SolFiV2.Definition,
        HumidiFi.Definition,
        ZeroFi.Definition,
        GoonFi.Definition,
        TesseraV.Definition,
        BisonFi.Definition,
        AlphaQ.Definition,
        Aquifer.Definition,
        Scorch.Definition,
        MeteoraDbc.Definition,
        Moonshot.Definition,
        Boop.Definition,
        Heaven.Definition,
        Stabble.Definition,
        FluxBeam.Definition,
        BonkSwap.Definition,
        Vertigo.Definition,
    ];
}
