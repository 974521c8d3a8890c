namespace Mev.Sdk.Solana.Meta;

/// <summary>Log lines of a status meta as UTF-8, for <c>foreach</c>.</summary>
/// <remarks>Borrows the meta's bytes.</remarks>
public ref struct Utf8Lines
{
    private ProtoReader _reader;

    internal Utf8Lines(ReadOnlySpan<byte> meta, int start)
    {
        _reader = new ProtoReader(meta, start);
        Current = default;
    }

    /// <summary>The line that the enumerator stands on.</summary>
    public ReadOnlySpan<byte> Current { readonly get; private set; }

    /// <summary>The enumerator itself.</summary>
    /// <returns>A copy at the same place.</returns>
    public readonly Utf8Lines GetEnumerator() => this;

    /// <summary>Steps to the next line.</summary>
    /// <returns>False behind the last.</returns>
    public bool MoveNext()
    {
        while (_reader.Next())
        {
            if (_reader.Field == MetaFields.LogMessages)
            {
                Current = _reader.Bytes;
                return true;
            }
        }

        return false;
    }
}
