namespace Mev.Sdk.Simulation.State;

/// <summary>What every wallet owns: lamports, and token accounts of wrapped SOL (mint 0) and every token.</summary>
internal sealed class Ledger(int wallets, int mints)
{
    private readonly ulong[] _lamports = new ulong[wallets];
    private readonly ulong[] _tokens = new ulong[wallets * mints];

    public int Wallets { get; } = wallets;

    public int Mints { get; } = mints;

    /// <summary>Lamports that fees burnt.</summary>
    public ulong Burnt { get; private set; }

    public ulong Lamports(int wallet) => _lamports[wallet];

    public ulong Tokens(int wallet, int mint) => _tokens[(wallet * Mints) + mint];

    /// <summary>Creates lamports; only when the market is made.</summary>
    public void Endow(int wallet, ulong lamports) => _lamports[wallet] = checked(_lamports[wallet] + lamports);

    /// <summary>Creates tokens; only when the market is made.</summary>
    public void EndowTokens(int wallet, int mint, ulong amount) => Credit(wallet, mint, amount);

    public void MoveLamports(int from, int to, ulong amount)
    {
        _lamports[from] = checked(_lamports[from] - amount);
        _lamports[to] = checked(_lamports[to] + amount);
    }

    public void MoveTokens(int from, int to, int mint, ulong amount)
    {
        Debit(from, mint, amount);
        Credit(to, mint, amount);
    }

    public void Debit(int wallet, int mint, ulong amount)
    {
        ref var balance = ref _tokens[(wallet * Mints) + mint];
        balance = checked(balance - amount);
    }

    public void Credit(int wallet, int mint, ulong amount)
    {
        ref var balance = ref _tokens[(wallet * Mints) + mint];
        balance = checked(balance + amount);
    }

    /// <summary>Fees collected since <see cref="Settle"/>, for the slot's leader.</summary>
    public ulong Collected { get; private set; }

    /// <summary>Takes a fee: half of the base fee is burnt, the rest and the priority fee wait for the leader (SIMD-0096).</summary>
    public void PayFee(int payer, ulong baseFee, ulong priorityFee)
    {
        var burnt = baseFee / 2;
        _lamports[payer] = checked(_lamports[payer] - baseFee - priorityFee);
        Collected = checked(Collected + baseFee - burnt + priorityFee);
        Burnt = checked(Burnt + burnt);
    }

    /// <summary>Pays the leader at the end of its slot, as the runtime does: no transaction's balances show it.</summary>
    public void Settle(int leader)
    {
        _lamports[leader] = checked(_lamports[leader] + Collected);
        Collected = 0;
    }

    public UInt128 TotalLamports()
    {
        UInt128 total = (UInt128)Burnt + Collected;
        foreach (var lamports in _lamports)
        {
            total += lamports;
        }

        return total;
    }

    public UInt128 TotalTokens(int mint)
    {
        UInt128 total = 0;
        for (var wallet = 0; wallet < Wallets; wallet++)
        {
            total += Tokens(wallet, mint);
        }

        return total;
    }
}
