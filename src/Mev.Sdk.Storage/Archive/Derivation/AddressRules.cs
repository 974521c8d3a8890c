namespace Mev.Sdk.Storage.Archive.Derivation;

/// <summary>The rules of format version 1, by id. Ids are on disk: rules are only ever added at the end.</summary>
/// <remarks>Sources: the public sources and IDLs of the programs named. A rule that is wrong for some instruction costs encoding time, never correctness: a key is only marked derived when the derivation gives it.</remarks>
internal static class AddressRules
{
    private const string Raydium = "675kPX9MHTjS2zt1qfr1NYHuzeLXfQM9H24wFSUt1Mp8";
    private const string Cpmm = "CPMMoo8L3F4NbTegBCKVNunggL7H1ZpdTHKxQB5qKP1C";
    private const string Phoenix = "PhoeNiXZ8ByJGLkxNfZRnkUfjvmuYqLR89jjFHGqdXY";
    private const string Pump = "6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P";
    private const string PumpSwap = "pAMMBay6oceH9fJKBRHGP5D4bD4sWpmSwMn52FMfXEA";
    private const string Meteora = "LBUZKhRxPF3XUpBCjp4YzTKgLccjZhTSDM9YuVaPwxo";
    private const string Damm2 = "cpamdpZCGKUy5JxQXB4dcpGPiikHawvSWAd6mEn1sGG";
    private const string Whirlpool = "whirLbMiicVdio4qvUfM5KAg6Ct8VwpYzGff3uctyCc";
    private const string Clmm = "CAMMCzo5YL8w4VFF8KVHrK22GGUsp5VTaW7grrKgrWqK";
    private const string Byreal = "REALQqNEomY6cQGZJUGwywTBD2UmDT32rZcNnfxQ5N2";
    private const string PancakeSwap = "HpNfyc2Saw7RKkQd8nEL4khUcuPhQ7WwY1B2qjx8jxFq";
    private const string Manifest = "MNFSTqtC93rEfYHB6hF82sKdZpUDFWkViLByLd1k1Ms";
    private const string GoonFi = "goonuddtQRrWqqn5nFyczVKaie28f3kDkHWkHtURSLE";
    private const string PumpFees = "pfeeUxB6jkeY1Hxd7CsFCAjcbHA9rWtchMGdZ6VojVZ";
    private const string Drift = "dRiftyHA39MWEi3m9aunc5MzRF1JYuBsbn6VPcn33UH";

    /// <summary>In place of a program: any that calls itself with one account.</summary>
    private const string Any = "11111111111111111111111111111111";
    private const string Ore = "oreV2ZymfyeXgNgBdqMkumTqqAprVqgBWQfoYkrtKWQ";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<AddressRule> All { get; } =
    [
        // Create and CreateIdempotent of the associated-token program: payer, account, owner, mint, system, token program.
        Rule("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL", 1, 2, 5, 3),

        // Swap with an OpenBook market, 18 accounts: amm 1, open orders 3, target orders 4, vaults 5 and 6, market program 7, market 8, vault signer 14.
        Rule(Raydium, 1, Seed.Program, 8, "amm_associated_seed"),
        Rule(Raydium, 3, Seed.Program, 8, "open_order_associated_seed"),
        Rule(Raydium, 4, Seed.Program, 8, "target_associated_seed"),
        Rule(Raydium, 5, Seed.Program, 8, "coin_vault_associated_seed"),
        Rule(Raydium, 6, Seed.Program, 8, "pc_vault_associated_seed"),
        new AddressRule(Pubkey.Parse(Raydium), 14, 7, CountsUp: true, [8]),

        // The same without target orders.
        Rule(Raydium, 1, Seed.Program, 7, "amm_associated_seed"),
        Rule(Raydium, 3, Seed.Program, 7, "open_order_associated_seed"),
        Rule(Raydium, 4, Seed.Program, 7, "coin_vault_associated_seed"),
        Rule(Raydium, 5, Seed.Program, 7, "pc_vault_associated_seed"),
        new AddressRule(Pubkey.Parse(Raydium), 13, 6, CountsUp: true, [7]),

        // Raydium constant product: pool 3, vaults 6 and 7, mints 10 and 11, observation 12.
        Rule(Cpmm, 6, "pool_vault", 3, 10),
        Rule(Cpmm, 7, "pool_vault", 3, 11),
        Rule(Cpmm, 12, "observation", 3),

        // Phoenix: log authority 1, market 2, trader 3; limit orders have a seat 4 before the accounts of the tokens.
        Rule(Phoenix, 4, "seat", 2, 3),
        Rule(Phoenix, 6, "vault", 2, Seed.MintOfTarget),
        Rule(Phoenix, 7, "vault", 2, Seed.MintOfTarget),
        Rule(Phoenix, 8, "vault", 2, Seed.MintOfTarget),

        // Pump.fun: mint 2, bonding curve 3, user 6.
        Rule(Pump, 3, "bonding-curve", 2),
        Rule(Pump, 13, "user_volume_accumulator", 6),
        Rule(Pump, 2, "bonding-curve", 0),

        // PumpSwap: user 1.
        Rule(PumpSwap, 20, "user_volume_accumulator", 1),

        // Meteora DLMM: pair 0, reserves 2 and 3, mints 6 and 7, oracle 8.
        Rule(Meteora, 2, 0, 6),
        Rule(Meteora, 3, 0, 7),
        Rule(Meteora, 8, "oracle", 0),

        // Meteora DAMM v2: pool 1, vaults 4 and 5, mints 6 and 7.
        Rule(Damm2, 4, "token_vault", 6, 1),
        Rule(Damm2, 5, "token_vault", 7, 1),

        // Orca Whirlpool: pool 2, oracle 10; swap v2: pool 4, oracle 14.
        Rule(Whirlpool, 10, "oracle", 2),
        Rule(Whirlpool, 14, "oracle", 4),

        // ORE: signer 0, proof 3.
        Rule(Ore, 3, "proof", 0),
        Rule(Ore, 2, "proof", 0),

        // Raydium concentrated liquidity and its forks: pool 2, vaults 5 and 6, observation 7; the bitmap's extension is the first of the accounts that remain.
        Rule(Clmm, 5, "pool_vault", 2, Seed.MintOfTarget),
        Rule(Clmm, 6, "pool_vault", 2, Seed.MintOfTarget),
        Rule(Clmm, 7, "observation", 2),
        Rule(Clmm, 10, "pool_tick_array_bitmap_extension", 2),
        Rule(Clmm, 12, "pool_tick_array_bitmap_extension", 2),
        Rule(Clmm, 13, "pool_tick_array_bitmap_extension", 2),
        Rule(Byreal, 5, "pool_vault", 2, Seed.MintOfTarget),
        Rule(Byreal, 6, "pool_vault", 2, Seed.MintOfTarget),
        Rule(Byreal, 7, "observation", 2),
        Rule(Byreal, 13, "pool_tick_array_bitmap_extension", 2),
        Rule(PancakeSwap, 5, "pool_vault", 2, Seed.MintOfTarget),
        Rule(PancakeSwap, 6, "pool_vault", 2, Seed.MintOfTarget),
        Rule(PancakeSwap, 7, "observation", 2),
        Rule(PancakeSwap, 10, "pool_tick_array_bitmap_extension", 2),
        Rule(PancakeSwap, 13, "pool_tick_array_bitmap_extension", 2),

        // Manifest: market 2, vaults and their mints; the global order account of a mint and its vault.
        Rule(Manifest, 6, "vault", 2, Seed.MintOfTarget),
        Rule(Manifest, 7, "vault", 2, Seed.MintOfTarget),
        Rule(Manifest, 12, "global", 9),
        Rule(Manifest, 12, "global", 11),
        Rule(Manifest, 13, "global-vault", 9),
        Rule(Manifest, 13, "global-vault", 11),

        // GoonFi: pair 1, vaults 4 and 5 of the mints 6 and 7.
        Rule(GoonFi, 4, "vault", 1, 6),
        Rule(GoonFi, 5, "vault", 1, 7),

        // Pump.fun and PumpSwap: accounts of the program as a whole, the creator's vault, the second version of a pool; fees: the program that they are of.
        Rule(Pump, 0, "global"),
        Rule(Pump, 12, "global_volume_accumulator"),
        Rule(Pump, 9, "creator-vault", 6),
        Rule(PumpSwap, 19, "global_volume_accumulator"),
        Rule(PumpSwap, 23, "pool-v2", 3),
        Rule(PumpFees, 0, "fee_config", 1),
        Rule(Drift, 0, "drift_state"),
        Rule(Meteora, 1, "bitmap", 0),

        // Anchor: a program that calls itself to leave an event signs with this.
        Rule(Any, 0, "__event_authority"),
    ];

    /// <summary>The rule of any program that calls itself with one account.</summary>
    public static int OfItself { get; } = All.Select(static (rule, id) => (rule, id)).Single(static rule => rule.rule.Program == Pubkey.Parse(Any)).id;

    /// <summary>Ids of the rules of each program.</summary>
    public static IReadOnlyDictionary<Pubkey, int[]> ByProgram { get; } = All.Select(static (rule, id) => (rule.Program, id))
        .GroupBy(static rule => rule.Program).ToDictionary(static group => group.Key, static group => group.Select(static rule => rule.id).ToArray());

    private static AddressRule Rule(string program, int target, params Seed[] seeds) => new(Pubkey.Parse(program), target, -1, CountsUp: false, seeds);
}
