using Mev.Sdk.Solana.Meta;

namespace Mev.Sdk.Benchmarks.Peers.Stores;

/// <summary>Token balances as lists. The amounts' texts follow from amount and decimals, as they do in the archive.</summary>
/// <param name="prefix">What the columns' names start with.</param>
internal sealed class TokenLists(string prefix)
{
    private readonly ListColumn _account = new(prefix + "_token_account", ListKind.Small);
    private readonly ListColumn _mint = new(prefix + "_token_mint", ListKind.Bytes);
    private readonly ListColumn _owner = new(prefix + "_token_owner", ListKind.Bytes);
    private readonly ListColumn _program = new(prefix + "_token_program", ListKind.Bytes);
    private readonly ListColumn _amount = new(prefix + "_token_amount", ListKind.Large);
    private readonly ListColumn _decimals = new(prefix + "_token_decimals", ListKind.Small);

    public IEnumerable<ListColumn> Columns => [_account, _mint, _owner, _program, _amount, _decimals];

    public void Read(TokenBalances balances)
    {
        foreach (var balance in balances)
        {
            _account.Add(balance.AccountIndex);
            var (mint, owner, program) = (balance.Mint, balance.Owner, balance.TokenProgram);
            _mint.Add(Pubkey.AsSpan(in mint));
            _owner.Add(Pubkey.AsSpan(in owner));
            _program.Add(Pubkey.AsSpan(in program));
            _amount.Add(balance.Amount);
            _decimals.Add(balance.Decimals);
        }
    }
}
