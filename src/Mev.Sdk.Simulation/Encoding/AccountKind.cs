namespace Mev.Sdk.Simulation.Encoding;

/// <summary>What stands behind an account of a transaction, so that its balances can be looked up.</summary>
internal enum AccountKind : byte
{
    /// <summary>A program, a mint, or a venue's state: its balance does not change.</summary>
    Constant,

    /// <summary>A wallet's lamports.</summary>
    Wallet,

    /// <summary>A wallet's token account.</summary>
    TokenAccount,

    /// <summary>A pool's vault.</summary>
    Vault,
}
