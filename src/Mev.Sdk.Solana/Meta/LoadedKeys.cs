using System.Runtime.InteropServices;

namespace Mev.Sdk.Solana.Meta;

/// <summary>Keys that lookups loaded, for <c>foreach</c>.</summary>
/// <remarks>Borrows the meta's bytes. Lengths were checked when the meta was parsed.</remarks>
public ref struct LoadedKeys
{
    private ProtoReader _reader;
    private readonly int _field;

    internal LoadedKeys(ReadOnlySpan<byte> meta, int start, int field)
    {
        _reader = new ProtoReader(meta, start);
        _field = field;
    }

    /// <summary>The key that the enumerator stands on.</summary>
    public readonly ref readonly Pubkey Current => ref MemoryMarshal.Cast<byte, Pubkey>(_reader.Bytes)[0];

    /// <summary>The enumerator itself.</summary>
    /// <returns>A copy at the same place.</returns>
    public readonly LoadedKeys GetEnumerator() => this;

    /// <summary>Steps to the next key.</summary>
    /// <returns>False behind the last.</returns>
    public bool MoveNext()
    {
        while (_reader.Next())
        {
            if (_reader.Field == _field)
            {
                return true;
            }
        }

        return false;
    }
}
