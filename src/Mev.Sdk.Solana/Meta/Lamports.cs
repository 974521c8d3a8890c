namespace Mev.Sdk.Solana.Meta;

/// <summary>Balances of a status meta in key order, lamports, for <c>foreach</c>.</summary>
/// <remarks>Borrows the meta's bytes. Reads the packed and the unpacked form.</remarks>
public ref struct Lamports
{
    private ProtoReader _reader;
    private ProtoReader _packed;
    private readonly int _field;

    internal Lamports(ReadOnlySpan<byte> meta, int start, int field)
    {
        _reader = new ProtoReader(meta, start);
        _field = field;
    }

    /// <summary>The balance that the enumerator stands on, lamports.</summary>
    public ulong Current { readonly get; private set; }

    /// <summary>The enumerator itself.</summary>
    /// <returns>A copy at the same place.</returns>
    public readonly Lamports GetEnumerator() => this;

    /// <summary>Steps to the next balance.</summary>
    /// <returns>False behind the last.</returns>
    public bool MoveNext()
    {
        while (true)
        {
            if (_packed.TryVarint(out var packed))
            {
                Current = packed;
                return true;
            }

            if (!_reader.Next())
            {
                return false;
            }

            if (_reader.Field != _field)
            {
                continue;
            }

            if (_reader.Wire == ProtoReader.WireVarint)
            {
                Current = _reader.Number;
                return true;
            }

            _packed = new ProtoReader(_reader.Bytes);
        }
    }
}
