namespace Mev.Sdk.Solana.Transactions;

/// <summary>The outer instructions of a parsed transaction, for <c>foreach</c>.</summary>
/// <remarks>Borrows the transaction's bytes. Their structure was checked when the transaction was parsed.</remarks>
public ref struct WireInstructions
{
    private WireCursor _cursor;
    private int _left;

    internal WireInstructions(ReadOnlySpan<byte> wire, int start, int count)
    {
        _cursor = new WireCursor(wire, start);
        _left = count;
    }

    /// <summary>The instruction that the enumerator stands on.</summary>
    public WireInstruction Current { readonly get; private set; }

    /// <summary>The enumerator itself.</summary>
    /// <returns>A copy at the same place.</returns>
    public readonly WireInstructions GetEnumerator() => this;

    /// <summary>Steps to the next instruction.</summary>
    /// <returns>False behind the last.</returns>
    public bool MoveNext()
    {
        if (_left == 0 || !_cursor.TryByte(out var program) || !_cursor.TryCounted(out var accounts) || !_cursor.TryCounted(out var data))
        {
            return false;
        }

        _left--;
        Current = new WireInstruction(program, accounts, data);
        return true;
    }
}
