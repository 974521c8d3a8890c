using Mev.Sdk.Simulation.Randomness;
using Mev.Sdk.Solana.Addresses;

namespace Mev.Sdk.Simulation.State;

/// <summary>Addresses of wallets and of their token accounts: seeded bytes, not derived addresses.</summary>
internal sealed class AddressBook
{
    private readonly Pubkey[] _wallets;
    private readonly Pubkey[] _tokenAccounts;
    private readonly int _mints;

    public AddressBook(WalletMap wallets, int mints, Xoshiro256 random)
    {
        _mints = mints;
        _wallets = Draw(wallets.Count, random);
        _tokenAccounts = Draw(wallets.Count * mints, random);
        VoteAccounts = Draw(WalletMap.ValidatorCount, random);
        JitoTips.Accounts.CopyTo(_wallets.AsSpan(wallets.FirstTipAccount));
    }

    /// <summary>Vote accounts in the order of the validators.</summary>
    public Pubkey[] VoteAccounts { get; }

    public Pubkey Wallet(int wallet) => _wallets[wallet];

    public Pubkey TokenAccount(int wallet, int mint) => _tokenAccounts[(wallet * _mints) + mint];

    private static Pubkey[] Draw(int count, Xoshiro256 random)
    {
        var keys = new Pubkey[count];
        foreach (ref var key in keys.AsSpan())
        {
            key = random.NextPubkey();
        }

        return keys;
    }
}
