using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Benchmarks.Peers.Stores;

/// <summary>A transaction as the nested columns that a schema for analytics has: every key, line, balance and instruction an element of a list.</summary>
internal sealed class TransactionLists
{
    private readonly ListColumn _signatures = new("more_signatures_list", ListKind.Bytes);
    private readonly ListColumn _keys = new("keys", ListKind.Bytes);
    private readonly ListColumn _programs = new("programs", ListKind.Small);
    private readonly ListColumn _accounts = new("accounts", ListKind.Bytes);
    private readonly ListColumn _data = new("data", ListKind.Bytes);
    private readonly ListColumn _tables = new("lookup_tables", ListKind.Bytes);
    private readonly ListColumn _writable = new("lookup_writable", ListKind.Bytes);
    private readonly ListColumn _readonly = new("lookup_readonly", ListKind.Bytes);
    private readonly ListColumn _pre = new("pre_balances", ListKind.Large);
    private readonly ListColumn _post = new("post_balances", ListKind.Large);
    private readonly ListColumn _innerOuter = new("inner_outer", ListKind.Small);
    private readonly ListColumn _innerProgram = new("inner_program", ListKind.Small);
    private readonly ListColumn _innerAccounts = new("inner_accounts", ListKind.Bytes);
    private readonly ListColumn _innerData = new("inner_data", ListKind.Bytes);
    private readonly ListColumn _innerHeight = new("inner_height", ListKind.Small);
    private readonly ListColumn _loadedWritable = new("loaded_writable", ListKind.Bytes);
    private readonly ListColumn _loadedReadonly = new("loaded_readonly", ListKind.Bytes);
    private readonly ListColumn _logs = new("logs", ListKind.Text);
    private readonly TokenLists _preTokens = new("pre");
    private readonly TokenLists _postTokens = new("post");

    public TransactionLists() =>
        Columns =
        [
            _signatures, _keys, _programs, _accounts, _data, _tables, _writable, _readonly, _pre, _post, _innerOuter, _innerProgram, _innerAccounts, _innerData,
            _innerHeight, _loadedWritable, _loadedReadonly, _logs, .. _preTokens.Columns, .. _postTokens.Columns,
        ];

    public IReadOnlyList<ListColumn> Columns { get; }

    /// <summary>Takes the lists of one transaction.</summary>
    /// <param name="wire">Its bytes.</param>
    /// <param name="meta">Its status.</param>
    public void Read(in WireTransaction wire, in StatusMeta meta)
    {
        // The first signature and the payer have columns of their own.
        foreach (ref readonly var signature in wire.Signatures[1..])
        {
            _signatures.Add(Signature.AsSpan(in signature));
        }

        foreach (ref readonly var key in wire.StaticKeys[1..])
        {
            _keys.Add(Pubkey.AsSpan(in key));
        }

        foreach (var instruction in wire.Instructions)
        {
            _programs.Add(instruction.ProgramIndex);
            _accounts.Add(instruction.Accounts);
            _data.Add(instruction.Data);
        }

        foreach (var lookup in wire.Lookups)
        {
            _tables.Add(Pubkey.AsSpan(in lookup.Table));
            _writable.Add(lookup.WritableIndexes);
            _readonly.Add(lookup.ReadonlyIndexes);
        }

        Read(in meta);
    }

    private void Read(in StatusMeta meta)
    {
        foreach (var lamports in meta.PreBalances)
        {
            _pre.Add(lamports);
        }

        foreach (var lamports in meta.PostBalances)
        {
            _post.Add(lamports);
        }

        foreach (var inner in meta.InnerInstructions)
        {
            _innerOuter.Add((ulong)inner.OuterInstruction);
            _innerProgram.Add(inner.ProgramIndex);
            _innerAccounts.Add(inner.Accounts);
            _innerData.Add(inner.Data);
            _innerHeight.Add(inner.StackHeight);
        }

        foreach (var line in meta.LogMessages)
        {
            _logs.Add(line);
        }

        foreach (var key in meta.LoadedWritable)
        {
            _loadedWritable.Add(Pubkey.AsSpan(in key));
        }

        foreach (var key in meta.LoadedReadonly)
        {
            _loadedReadonly.Add(Pubkey.AsSpan(in key));
        }

        _preTokens.Read(meta.PreTokenBalances);
        _postTokens.Read(meta.PostTokenBalances);
    }
}
