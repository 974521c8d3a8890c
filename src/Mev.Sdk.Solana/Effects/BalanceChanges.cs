using System.Diagnostics.CodeAnalysis;
using Mev.Sdk.Solana.Internal;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Solana.Effects;

/// <summary>What a transaction did to balances: lamports by account, tokens by owner and mint.</summary>
/// <remarks>
/// From the balances before and after that the status meta records, so it holds whatever the programs did, also of failed transactions (the fee). Accounts that did not change are left
/// out. Allocates: for pages and reports. Immutable and thread-safe.
/// </remarks>
public sealed class BalanceChanges
{
    private BalanceChanges(IReadOnlyList<LamportChange> lamports, IReadOnlyList<TokenChange> tokens)
    {
        Lamports = lamports;
        Tokens = tokens;
    }

    /// <summary>Changes of lamports, in the order of the transaction's keys: the payer first.</summary>
    public IReadOnlyList<LamportChange> Lamports { get; }

    /// <summary>Changes of tokens, in the order in which the meta names owner and mint first.</summary>
    public IReadOnlyList<TokenChange> Tokens { get; }

    /// <summary>Reads a transaction.</summary>
    /// <param name="wire">Its bytes.</param>
    /// <param name="meta">Its status meta as ConfirmedBlock protobuf; empty = not known yet: then nothing is known to have changed.</param>
    /// <param name="changes">What changed; null when refused.</param>
    /// <param name="error">What is wrong and where; null when it was read.</param>
    /// <returns>False when the bytes are malformed or contradict each other.</returns>
    public static bool TryRead(
        ReadOnlySpan<byte> wire, ReadOnlySpan<byte> meta, [NotNullWhen(true)] out BalanceChanges? changes, [NotNullWhen(false)] out string? error)
    {
        changes = null;
        if (!WireTransaction.TryParse(wire, out var transaction, out var failure))
        {
            error = $"wire: {failure}";
            return false;
        }

        if (!StatusMeta.TryParse(meta, out var status, out failure))
        {
            error = $"meta: {failure}";
            return false;
        }

        var execution = new Execution();
        if (!execution.TryLoad(in transaction, wire, in status, meta, hasMeta: !meta.IsEmpty, out error!))
        {
            return false;
        }

        var owners = new Dictionary<byte, Pubkey>();
        var tokens = TokensOf(in status, execution.Keys, owners);
        changes = new BalanceChanges(LamportsOf(in status, execution.Keys, owners), tokens);
        return true;
    }

    private static List<LamportChange> LamportsOf(in StatusMeta status, ReadOnlySpan<Pubkey> keys, Dictionary<byte, Pubkey> owners)
    {
        var changes = new List<LamportChange>();
        var before = status.PreBalances;
        var after = status.PostBalances;
        for (var i = 0; i < keys.Length && before.MoveNext() && after.MoveNext(); i++)
        {
            if (before.Current != after.Current)
            {
                changes.Add(new LamportChange(keys[i], before.Current, after.Current, owners.GetValueOrDefault((byte)i)));
            }
        }

        return changes;
    }

    private static List<TokenChange> TokensOf(in StatusMeta status, ReadOnlySpan<Pubkey> keys, Dictionary<byte, Pubkey> owners)
    {
        var changes = new List<TokenChange>();
        var places = new Dictionary<(Pubkey Owner, Pubkey Account, Pubkey Mint), int>();
        foreach (var balance in status.PreTokenBalances)
        {
            Add(in balance, keys, changes, places, owners, isAfter: false);
        }

        foreach (var balance in status.PostTokenBalances)
        {
            Add(in balance, keys, changes, places, owners, isAfter: true);
        }

        changes.RemoveAll(static change => change.Before == change.After);
        return changes;
    }

    private static void Add(
        in TokenBalance balance, ReadOnlySpan<Pubkey> keys, List<TokenChange> changes, Dictionary<(Pubkey, Pubkey, Pubkey), int> places, Dictionary<byte, Pubkey> owners, bool isAfter)
    {
        if (balance.AccountIndex >= keys.Length)
        {
            return;
        }

        var account = keys[balance.AccountIndex];
        owners[balance.AccountIndex] = balance.Owner;
        var key = (balance.Owner, balance.Owner.IsZero ? account : default, balance.Mint);
        if (!places.TryGetValue(key, out var place))
        {
            places[key] = place = changes.Count;
            changes.Add(new TokenChange(balance.Owner, account, balance.Mint, 0, 0, balance.Decimals));
        }

        var change = changes[place];
        changes[place] = change with
        {
            Account = change.Account == account ? account : default,
            Before = change.Before + (isAfter ? 0 : (UInt128)balance.Amount),
            After = change.After + (isAfter ? (UInt128)balance.Amount : 0),
        };
    }
}
