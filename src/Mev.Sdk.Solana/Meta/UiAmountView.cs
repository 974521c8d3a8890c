namespace Mev.Sdk.Solana.Meta;

/// <summary>An amount of tokens as a node displayed it.</summary>
internal ref struct UiAmountView
{
    public double Number;
    public ReadOnlySpan<byte> Text;
}
