using Mev.Sdk.Records;
using Mev.Sdk.Simulation.Encoding;
using Mev.Sdk.Simulation.Randomness;

namespace Mev.Sdk.Simulation.State;

/// <summary>Makes the market's first state from its options.</summary>
internal static class Genesis
{
    private const ulong LamportsPerSol = 1_000_000_000;

    /// <summary>Wrapped SOL and lamports of the house: enough that topping up never empties it, small enough that sums stay in 64 bits.</summary>
    private const ulong HouseLamports = 1_000_000_000 * LamportsPerSol;

    /// <summary>Base units of a token in existence; pools open with a part of them.</summary>
    private const ulong TokenSupply = 4_000_000_000_000_000_000;

    private static readonly (VenueId Venue, uint FeeMillionths, int VenueAccounts)[] Venues =
    [
        (VenueId.RaydiumV4, 2_500, VenueInstructions.RaydiumAccounts),
        (VenueId.OrcaWhirlpool, 3_000, VenueInstructions.OrcaAccounts),
        (VenueId.PumpSwap, 3_000, VenueInstructions.PumpSwapAccounts),
    ];

    public static MarketState Create(MarketOptions options)
    {
        var random = new Xoshiro256(options.Seed, purpose: 1);
        var wallets = new WalletMap(options.TraderCount);
        var ledger = new Ledger(wallets.Count, options.TokenCount + 1);
        var addresses = new AddressBook(wallets, options.TokenCount + 1, random);
        var tokens = new Token[options.TokenCount];
        List<Pool> pools = [];
        for (var i = 0; i < tokens.Length; i++)
        {
            tokens[i] = CreateToken(options, i, pools, random);
        }

        Endow(options, ledger, wallets, tokens, random);
        return new MarketState(tokens, [.. pools], wallets, ledger, addresses) { Slot = options.StartSlot };
    }

    private static Token CreateToken(MarketOptions options, int index, List<Pool> pools, Xoshiro256 random)
    {
        // A middling pool's other side: 2^47 to 2^50 base units, so that both prices and amounts keep many digits.
        var middlingTokens = (1UL << (47 + random.Below(3))) + random.Below(1UL << 46);
        var value = Maths.ConstantProduct.Price(options.PoolDepthLamports, middlingTokens);
        byte decimals = random.Below(4) == 0 ? (byte)9 : (byte)6;
        var token = new Token(index, random.NextPubkey(), random.NextPubkey(), decimals, value);
        token.Pools = new Pool[options.VenuesPerToken];
        byte tableOffset = 0;
        for (var v = 0; v < token.Pools.Length; v++)
        {
            // Which venue is missing when a token has two is drawn; depths differ by up to 8 between a token's pools.
            var (venue, fee, venueAccounts) = Venues[(v + index) % Venues.Length];
            var depth = 256 + random.Below(1_024UL);
            var pool = new Pool(pools.Count, token, venue, fee, Addresses(Pool.VenueAccountsAt + venueAccounts, random), tableOffset)
            {
                ReserveSol = (ulong)(Math.BigMul(options.PoolDepthLamports, depth) / 768),
                ReserveToken = (ulong)(Math.BigMul(middlingTokens, depth) / 768),
                Shares = 1UL << 40,
            };
            pool.OpeningProduct = pool.Product;
            tableOffset += (byte)pool.Accounts.Length;
            token.Pools[v] = pool;
            pools.Add(pool);
        }

        return token;
    }

    private static Pubkey[] Addresses(int count, Xoshiro256 random)
    {
        var keys = new Pubkey[count];
        foreach (ref var key in keys.AsSpan())
        {
            key = random.NextPubkey();
        }

        return keys;
    }

    private static void Endow(MarketOptions options, Ledger ledger, WalletMap wallets, Token[] tokens, Xoshiro256 random)
    {
        for (var wallet = 0; wallet < wallets.Count; wallet++)
        {
            var isHouse = wallet == wallets.House;
            var isSearcher = wallet >= wallets.Strategy && wallet < wallets.FirstValidator;
            ledger.Endow(wallet, isHouse ? HouseLamports : LamportsPerSol * (50 + random.Below(200UL)));
            ledger.EndowTokens(wallet, 0, isHouse ? HouseLamports : isSearcher ? options.PoolDepthLamports : options.PoolDepthLamports / 256 * random.Below(8UL));
        }

        foreach (var token in tokens)
        {
            var left = TokenSupply;
            foreach (var pool in token.Pools)
            {
                left -= pool.ReserveToken;
            }

            for (var trader = 0; trader < wallets.TraderCount; trader++)
            {
                var amount = token.Pools[0].ReserveToken / 256 * random.Below(8UL);
                ledger.EndowTokens(trader, token.MintIndex, amount);
                left -= amount;
            }

            ledger.EndowTokens(wallets.House, token.MintIndex, left);
        }
    }
}
