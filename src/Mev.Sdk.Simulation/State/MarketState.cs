namespace Mev.Sdk.Simulation.State;

/// <summary>Everything the market is at one moment; agents read it, only the executor changes balances and reserves.</summary>
internal sealed class MarketState(Token[] tokens, Pool[] pools, WalletMap wallets, Ledger ledger, AddressBook addresses)
{
    public Token[] Tokens { get; } = tokens;

    public Pool[] Pools { get; } = pools;

    public WalletMap Wallets { get; } = wallets;

    public Ledger Ledger { get; } = ledger;

    public AddressBook Addresses { get; } = addresses;

    public ulong Slot { get; set; }

    /// <summary>Seconds since the Unix epoch on the simulated clock.</summary>
    public long BlockTimeSeconds { get; set; }

    /// <summary>Wallet of the slot's leader.</summary>
    public int Leader { get; set; }

    /// <summary>How busy the market is, in 1/1024 of its mean.</summary>
    public int Activity { get; set; } = 1024;

    /// <summary>The blockhash that transactions of this slot refer to.</summary>
    public Pubkey RecentBlockhash { get; set; }

    /// <summary>Mint 0 is wrapped SOL.</summary>
    public Pubkey Mint(int mintIndex) => mintIndex == 0 ? Mev.Sdk.Solana.Addresses.KnownMints.WrappedSol : Tokens[mintIndex - 1].Mint;

    public byte Decimals(int mintIndex) => mintIndex == 0 ? (byte)9 : Tokens[mintIndex - 1].Decimals;
}
