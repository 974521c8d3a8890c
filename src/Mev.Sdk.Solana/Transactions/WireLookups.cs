namespace Mev.Sdk.Solana.Transactions;

/// <summary>The address lookups of a parsed transaction, for <c>foreach</c>.</summary>
/// <remarks>Borrows the transaction's bytes. Their structure was checked when the transaction was parsed.</remarks>
public ref struct WireLookups
{
    private WireCursor _cursor;
    private int _left;

    internal WireLookups(ReadOnlySpan<byte> wire, int start, int count)
    {
        _cursor = new WireCursor(wire, start);
        _left = count;
    }

    /// <summary>The lookup that the enumerator stands on.</summary>
    public WireLookup Current { readonly get; private set; }

    /// <summary>The enumerator itself.</summary>
    /// <returns>A copy at the same place.</returns>
    public readonly WireLookups GetEnumerator() => this;

    /// <summary>Steps to the next lookup.</summary>
    /// <returns>False behind the last.</returns>
    public bool MoveNext()
    {
        if (_left == 0 || !_cursor.TryTake(Pubkey.Size, out var table) || !_cursor.TryCounted(out var writable) || !_cursor.TryCounted(out var readOnly))
        {
            return false;
        }

        _left--;
        Current = new WireLookup(table, writable, readOnly);
        return true;
    }
}
