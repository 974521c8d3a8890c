using Mev.Sdk.Ingest.Solana.Yellowstone;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Solana.Chain;

/// <summary>The server's filter of transactions, applied by us: to blocks that fill a gap, and to whole blocks.</summary>
internal sealed class TransactionWish
{
    private readonly bool? _vote;
    private readonly bool? _failed;
    private readonly HashSet<Pubkey> _include;
    private readonly HashSet<Pubkey> _exclude;
    private readonly HashSet<Pubkey> _required;

    public TransactionWish(YellowstoneTransactionFilter filter)
    {
        _vote = filter.Vote;
        _failed = filter.Failed;
        _include = Keys(filter.AccountInclude);
        _exclude = Keys(filter.AccountExclude);
        _required = Keys(filter.AccountRequired);
    }

    /// <summary>Whether everything is wanted.</summary>
    public bool IsAll => _vote is null && _failed is null && _include.Count + _exclude.Count + _required.Count == 0;

    /// <summary>Whether a transaction is wanted.</summary>
    public bool Wants(in TransactionRecord record, ReadOnlySpan<byte> wire, ReadOnlySpan<byte> meta)
    {
        var isVote = (record.Flags & TransactionFlags.Vote) != TransactionFlags.None;
        var isFailed = (record.Flags & TransactionFlags.Failed) != TransactionFlags.None;
        return (_vote ?? isVote) == isVote
            && (_failed ?? isFailed) == isFailed
            && (_include.Count + _exclude.Count + _required.Count == 0 || WantsKeys(wire, meta));
    }

    /// <summary>Whether the transaction of a frame is wanted.</summary>
    public bool Wants(ReadOnlyMemory<byte> frame) =>
        !TransactionView.TryRead(new RecordView(Lsn.None, frame.Span), out var view) || Wants(in view.Record, view.Wire, view.Meta);

    private static HashSet<Pubkey> Keys(IEnumerable<string> texts) => [.. texts.Select(static text => Pubkey.Parse(text))];

    private bool WantsKeys(ReadOnlySpan<byte> wire, ReadOnlySpan<byte> meta)
    {
        if (!WireTransaction.TryParse(wire, out var transaction))
        {
            return true; // what cannot be judged is not thrown away
        }

        var found = new HashSet<Pubkey>(transaction.KeyCount);
        foreach (ref readonly var key in transaction.StaticKeys)
        {
            found.Add(key);
        }

        // Loaded keys are raw fields of the meta; no need to walk the rest of it.
        var fields = new ProtoFields(meta);
        while (fields.Next())
        {
            if (fields.Field is 12 or 13 && fields.Bytes.Length == Pubkey.Size)
            {
                found.Add(new Pubkey(fields.Bytes));
            }
        }

        return (_include.Count == 0 || _include.Overlaps(found)) && !_exclude.Overlaps(found) && _required.IsSubsetOf(found);
    }
}
