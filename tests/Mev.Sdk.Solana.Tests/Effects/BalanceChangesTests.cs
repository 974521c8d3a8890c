using Mev.Sdk.Solana.Effects;
using Mev.Sdk.Solana.Meta;

namespace Mev.Sdk.Solana.Tests.Effects;

public sealed class BalanceChangesTests
{
    private static readonly Pubkey Owner = Samples.Key(80);
    private static readonly Pubkey Other = Samples.Key(81);
    private static readonly Pubkey Mint = Samples.Key(90);

    [Fact]
    public void TryRead_sums_an_owners_accounts_and_leaves_out_what_stayed()
    {
        var meta = new StatusMetaBuilder().AddBalance(1_000, 900).AddBalance(50, 50).AddBalance(7, 107)
            .AddPreTokenBalance(new TokenBalance(1, Mint, Owner, default, 10, 6))
            .AddPreTokenBalance(new TokenBalance(2, Mint, Owner, default, 5, 6))
            .AddPostTokenBalance(new TokenBalance(1, Mint, Owner, default, 3, 6))
            .AddPostTokenBalance(new TokenBalance(2, Mint, Owner, default, 9, 6))
            .AddPostTokenBalance(new TokenBalance(0, Mint, Other, default, ulong.MaxValue, 6)).ToArray();
        Assert.True(BalanceChanges.TryRead(Samples.Legacy().ToArray(), meta, out var changes, out var error), error);
        Assert.Equal([(1_000UL, 900UL, Other), (7UL, 107UL, Owner)], changes.Lamports.Select(static c => (c.Before, c.After, c.TokenOwner)));
        Assert.Equal(
            [new TokenChange(Owner, default, Mint, 15, 12, 6), new TokenChange(Other, Samples.Key(10), Mint, 0, ulong.MaxValue, 6)], changes.Tokens);
    }

    [Fact]
    public void TryRead_tells_accounts_apart_where_no_owner_is_recorded_and_knows_nothing_without_meta()
    {
        var meta = new StatusMetaBuilder()
            .AddPreTokenBalance(new TokenBalance(1, Mint, default, default, 10, 6))
            .AddPreTokenBalance(new TokenBalance(2, Mint, default, default, 5, 6))
            .AddPostTokenBalance(new TokenBalance(2, Mint, default, default, 15, 6)).ToArray();
        Assert.True(BalanceChanges.TryRead(Samples.Legacy().ToArray(), meta, out var changes, out var error), error);
        Assert.Equal([(Samples.Key(11), (UInt128)10, (UInt128)0), (Samples.Key(12), (UInt128)5, (UInt128)15)], changes.Tokens.Select(static c => (c.Account, c.Before, c.After)));

        Assert.True(BalanceChanges.TryRead(Samples.Legacy().ToArray(), [], out changes, out _));
        Assert.Empty(changes.Tokens);
        Assert.Empty(changes.Lamports);
    }
}
