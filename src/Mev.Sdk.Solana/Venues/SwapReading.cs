namespace Mev.Sdk.Solana.Venues;

/// <summary>How a venue's swap is read.</summary>
internal enum SwapReading : byte
{
    /// <summary>From the transfers at the vaults that the instruction names; from what moved when there are none.</summary>
    Vaults = 0,

    /// <summary>From what moved right below the instruction: the program's data is not public, or it names no vaults.</summary>
    Movements,

    /// <summary>From what moved anywhere below it: the pool's tokens are in another program's vaults.</summary>
    DeepMovements,

    /// <summary>From the trade event of Pump.fun's program.</summary>
    PumpFunEvent,
}
