namespace Mev.Sdk.Solana.Meta;

/// <summary>Token balances of a status meta, for <c>foreach</c>.</summary>
/// <remarks>Borrows the meta's bytes. Structure, indices and amounts were checked when the meta was parsed; a text that is no key reads as zero.</remarks>
public ref struct TokenBalances
{
    private ProtoReader _reader;
    private readonly int _field;
    private ReadOnlySpan<byte> _mintText;
    private ReadOnlySpan<byte> _ownerText;
    private ReadOnlySpan<byte> _programText;
    private Pubkey _mint;
    private Pubkey _owner;
    private Pubkey _program;

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
        if (!MoveNext(out var raw))
        {
            return false;
        }

        KeyOf(raw.Mint, ref _mintText, ref _mint);
        KeyOf(raw.Owner, ref _ownerText, ref _owner);
        KeyOf(raw.Program, ref _programText, ref _program);
        Current = new TokenBalance(raw.AccountIndex, _mint, _owner, _program, raw.Amount, raw.Decimals);
        return true;
    }

    /// <summary>Steps to the next balance and leaves its keys as text.</summary>
    internal bool MoveNext(out RawTokenBalance balance)
    {
        while (_reader.Next())
        {
            if (_reader.Field == _field && TryRead(_reader.Bytes, out balance))
            {
                return true;
            }
        }

        balance = default;
        return false;
    }

    internal static bool TryRead(ReadOnlySpan<byte> message, out RawTokenBalance balance)
    {
        balance = default;
        ulong index = 0;
        ulong decimals = 0;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field, reader.Wire)
            {
                case (MetaFields.AccountIndex, ProtoReader.WireVarint):
                    index = reader.Number;
                    break;
                case (MetaFields.Mint, ProtoReader.WireBytes):
                    balance.Mint = reader.Bytes;
                    break;
                case (MetaFields.Owner, ProtoReader.WireBytes):
                    balance.Owner = reader.Bytes;
                    break;
                case (MetaFields.TokenProgram, ProtoReader.WireBytes):
                    balance.Program = reader.Bytes;
                    break;
                case (MetaFields.UiTokenAmount, ProtoReader.WireBytes):
                    balance.UiAmount = reader.Bytes;
                    if (!TryAmount(reader.Bytes, out balance.Amount, out decimals))
                    {
                        return false;
                    }

                    break;
            }
        }

        (balance.AccountIndex, balance.Decimals) = ((byte)index, (byte)decimals);
        return !reader.IsMalformed && index <= byte.MaxValue && decimals <= byte.MaxValue;
    }

    // The same keys stand in most balances of a transaction, and base58 is slow to read.
    private static void KeyOf(ReadOnlySpan<byte> text, ref ReadOnlySpan<byte> last, ref Pubkey key)
    {
        if (!text.SequenceEqual(last))
        {
            key = Pubkey.TryParse(text, out var read) ? read : default;
            last = text;
        }
    }

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
            else if (reader.Field == MetaFields.Amount && reader.Wire == ProtoReader.WireBytes && !TryDecimal(reader.Bytes, out amount))
            {
                return false;
            }
        }

        return !reader.IsMalformed;
    }

    // An empty text is 0. 19 digits cannot exceed 64 bits; a twentieth can.
    private static bool TryDecimal(ReadOnlySpan<byte> text, out ulong amount)
    {
        amount = 0;
        if (text.Length > 20)
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            var digit = (uint)(text[i] - '0');
            if (digit > 9 || (i == 19 && (amount > ulong.MaxValue / 10 || (amount == ulong.MaxValue / 10 && digit > ulong.MaxValue % 10))))
            {
                return false;
            }

            amount = (amount * 10) + digit;
        }

        return true;
    }
}
