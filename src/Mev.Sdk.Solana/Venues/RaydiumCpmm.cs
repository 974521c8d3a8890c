using Mev.Sdk.Records;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Raydium CPMM.</summary>
/// <remarks>
/// Source: <c>raydium-cp-swap</c>, <c>swap_base_input</c> (amount in, minimum out) and <c>swap_base_output</c> (maximum in, amount out): payer, authority,
/// configuration, pool, user's in, user's out, vault in, vault out.
/// </remarks>
internal static class RaydiumCpmm
{
    private const ulong SwapBaseInput = 0x8fbe5adac41e33de;
    private const ulong SwapBaseOutput = 0x37d96256a34ab4ad;

    public static bool TryRecognise(ReadOnlySpan<byte> data, out SwapShape shape)
    {
        shape = new SwapShape(VenueId.RaydiumCpmm, Pool: 3, VaultA: 6, VaultB: 7, Anchor.Argument(data, 8));
        return Anchor.DiscriminatorOf(data) is SwapBaseInput or SwapBaseOutput;
    }
}
