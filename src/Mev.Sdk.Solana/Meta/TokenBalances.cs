using System.Buffers.Text;

namespace Mev.Sdk.Solana.Meta;

/// <summary>Token balances of a status meta, for <c>foreach</c>.</summary>
/// <remarks>Borrows the meta's bytes. Structure, indices and amounts were checked when the meta was parsed; a text that is no key reads as zero.</remarks>
public ref struct TokenBalances
{
    private ProtoReader _reader;
    private readonly int _field;

    internal TokenBalances(ReadOnlySpan<byte> meta, int start, int field)
    {
        _reader = new ProtoReader(meta, start);
        _field = field;
    }

    /// <summary>The balance that the enumerator stands on.</summary>
    public TokenBalance Current { readonly get; private set; }

    /// <summary>The enumerator itself.</summary>
    /// <returns>A copy at the same place.</returns>
    public readonly TokenBalances GetEnumerator() => this;

    /// <summary>Steps to the next balance.</summary>
    /// <returns>False behind the last.</returns>
    public bool MoveNext()
    {
        while (_reader.Next())
        {
            if (_reader.Field == _field && TryRead(_reader.Bytes, readKeys: true, out var balance))
            {
                Current = balance;
                return true;
            }
        }

        return false;
    }

    internal static bool TryRead(ReadOnlySpan<byte> message, bool readKeys, out TokenBalance balance)
    {
        balance = default;
        ulong index = 0;
        Pubkey mint = default, owner = default, program = default;
        ulong amount = 0;
        ulong decimals = 0;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field, reader.Wire)
            {
                case (MetaFields.AccountIndex, ProtoReader.WireVarint):
                    index = reader.Number;
                    break;
                case (MetaFields.Mint, ProtoReader.WireBytes) when readKeys:
                    mint = KeyOf(reader.Bytes);
                    break;
                case (MetaFields.Owner, ProtoReader.WireBytes) when readKeys:
                    owner = KeyOf(reader.Bytes);
                    break;
                case (MetaFields.TokenProgram, ProtoReader.WireBytes) when readKeys:
                    program = KeyOf(reader.Bytes);
                    break;
                case (MetaFields.UiTokenAmount, ProtoReader.WireBytes):
                    if (!TryAmount(reader.Bytes, out amount, out decimals))
                    {
                        return false;
                    }

                    break;
            }
        }

        balance = new TokenBalance((byte)index, mint, owner, program, amount, (byte)decimals);
        return !reader.IsMalformed && index <= byte.MaxValue && decimals <= byte.MaxValue;
    }

    private static Pubkey KeyOf(ReadOnlySpan<byte> text) => Pubkey.TryParse(text, out var key) ? key : default;

    private static bool TryAmount(ReadOnlySpan<byte> message, out ulong amount, out ulong decimals)
    {
        amount = 0;
        decimals = 0;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == MetaFields.Decimals && reader.Wire == ProtoReader.WireVarint)
            {
                decimals = reader.Number;
            }
            else if (reader.Field == MetaFields.Amount && reader.Wire == ProtoReader.WireBytes && !reader.Bytes.IsEmpty
                && (!Utf8Parser.TryParse(reader.Bytes, out amount, out var used) || used != reader.Bytes.Length))
            {
                return false;
            }
        }

        return !reader.IsMalformed;
    }
}
