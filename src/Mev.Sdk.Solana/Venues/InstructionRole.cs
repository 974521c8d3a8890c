namespace Mev.Sdk.Solana.Venues;

/// <summary>What an instruction of a trading venue does.</summary>
internal enum InstructionRole : byte
{
    /// <summary>Something that moves neither swap nor liquidity, or that is read elsewhere.</summary>
    Other = 0,

    /// <summary>A swap.</summary>
    Swap,

    /// <summary>Tokens go into a pool.</summary>
    AddLiquidity,

    /// <summary>Tokens come out of a pool.</summary>
    RemoveLiquidity,

    /// <summary>A pool begins, usually with its first tokens.</summary>
    CreatePool,
}
