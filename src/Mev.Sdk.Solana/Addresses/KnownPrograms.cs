namespace Mev.Sdk.Solana.Addresses;

/// <summary>Programs that this library knows by address.</summary>
public static class KnownPrograms
{
    /// <summary>The system program: transfers of lamports, new accounts.</summary>
    public static readonly Pubkey System = Pubkey.Parse("11111111111111111111111111111111");

    /// <summary>The vote program.</summary>
    public static readonly Pubkey Vote = Pubkey.Parse("Vote111111111111111111111111111111111111111");

    /// <summary>The compute-budget program.</summary>
    public static readonly Pubkey ComputeBudget = Pubkey.Parse("ComputeBudget111111111111111111111111111111");

    /// <summary>The SPL Token program.</summary>
    public static readonly Pubkey Token = Pubkey.Parse("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");

    /// <summary>The SPL Token program with extensions.</summary>
    public static readonly Pubkey Token2022 = Pubkey.Parse("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb");

    /// <summary>The associated-token-account program.</summary>
    public static readonly Pubkey AssociatedToken = Pubkey.Parse("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");

    /// <summary>The memo program, version 2.</summary>
    public static readonly Pubkey Memo = Pubkey.Parse("MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr");

    /// <summary>The memo program, version 1.</summary>
    public static readonly Pubkey MemoV1 = Pubkey.Parse("Memo1UhkJRfHyvLMcVucJwxXeuD728EqVDDwQDxFMNo");

    /// <summary>Raydium AMM v4.</summary>
    public static readonly Pubkey RaydiumV4 = Pubkey.Parse("675kPX9MHTjS2zt1qfr1NYHuzeLXfQM9H24wFSUt1Mp8");

    /// <summary>Raydium concentrated liquidity.</summary>
    public static readonly Pubkey RaydiumClmm = Pubkey.Parse("CAMMCzo5YL8w4VFF8KVHrK22GGUsp5VTaW7grrKgrWqK");

    /// <summary>Raydium CPMM.</summary>
    public static readonly Pubkey RaydiumCpmm = Pubkey.Parse("CPMMoo8L3F4NbTegBCKVNunggL7H1ZpdTHKxQB5qKP1C");

    /// <summary>Orca Whirlpool.</summary>
    public static readonly Pubkey OrcaWhirlpool = Pubkey.Parse("whirLbMiicVdio4qvUfM5KAg6Ct8VwpYzGff3uctyCc");

    /// <summary>Meteora DLMM.</summary>
    public static readonly Pubkey MeteoraDlmm = Pubkey.Parse("LBUZKhRxPF3XUpBCjp4YzTKgLccjZhTSDM9YuVaPwxo");

    /// <summary>Meteora's dynamic pools, version 1, which keep their tokens in the vaults of another program.</summary>
    public static readonly Pubkey MeteoraDamm = Pubkey.Parse("Eo7WjKq67rjJQSZxS6z3YkapzY3eMj6Xy8X5EQVn5UaB");

    /// <summary>Pump.fun's bonding curve.</summary>
    public static readonly Pubkey PumpFun = Pubkey.Parse("6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P");

    /// <summary>PumpSwap AMM.</summary>
    public static readonly Pubkey PumpSwap = Pubkey.Parse("pAMMBay6oceH9fJKBRHGP5D4bD4sWpmSwMn52FMfXEA");

    /// <summary>Jupiter v6, an aggregator.</summary>
    public static readonly Pubkey JupiterV6 = Pubkey.Parse("JUP6LkbZbjS1jKKwapdHNy74zcZ3tLUZoi5QNyVTaV4");
}
