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
}
