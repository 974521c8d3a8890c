namespace Mev.Sdk.Solana.Meta;

/// <summary>One token balance as it stands, its keys still text.</summary>
internal ref struct RawTokenBalance
{
    public byte AccountIndex;
    public byte Decimals;
    public ulong Amount;
    public ReadOnlySpan<byte> Mint;
    public ReadOnlySpan<byte> Owner;
    public ReadOnlySpan<byte> Program;

    /// <summary>The nested message with the displayed amounts.</summary>
    public ReadOnlySpan<byte> UiAmount;

    /// <summary>Reads the displayed amounts.</summary>
    /// <returns>As a number, 0 when it is not there, and as text.</returns>
    public readonly UiAmountView ReadUi()
    {
        var view = default(UiAmountView);
        var reader = new ProtoReader(UiAmount);
        while (reader.Next())
        {
            if (reader.Field == MetaFields.UiAmount && reader.Wire == ProtoReader.WireFixed64)
            {
                view.Number = BitConverter.UInt64BitsToDouble(reader.Number);
            }
            else if (reader.Field == MetaFields.UiAmountText && reader.Wire == ProtoReader.WireBytes)
            {
                view.Text = reader.Bytes;
            }
        }

        return view;
    }
}
