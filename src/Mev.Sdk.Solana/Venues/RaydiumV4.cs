using Mev.Sdk.Records;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Raydium AMM v4: constant product, once backed by an order book.</summary>
/// <remarks>
/// Source: <c>raydium-amm</c>, <c>AmmInstruction</c>: u8 variant, then two u64. Accounts of 9 and 11: token program, pool, authority, open orders,
/// [target orders,] vault, vault, nine of the order book, three of the user: 18 with target orders, 17 without. 16 and 17 are the variants
/// without an order book: token program, pool, authority, vault, vault, three of the user.
/// </remarks>
internal static class RaydiumV4
{
    private const byte SwapBaseIn = 9;
    private const byte SwapBaseOut = 11;
    private const byte SwapBaseInV2 = 16;
    private const byte SwapBaseOutV2 = 17;
    private const int AccountsWithTargetOrders = 18;
    private const int Pool = 1;

    public static bool TryRecognise(ReadOnlySpan<byte> data, int accounts, out SwapShape shape)
    {
        shape = default;
        if (data.IsEmpty)
        {
            return false;
        }

        // Second argument: the minimum out of an exact input, or the exact output itself.
        var minimum = Anchor.U64(data, 1 + sizeof(ulong));
        var vault = data[0] switch
        {
            SwapBaseIn or SwapBaseOut => accounts >= AccountsWithTargetOrders ? 5 : 4,
            SwapBaseInV2 or SwapBaseOutV2 => 3,
            _ => 0,
        };
        shape = new SwapShape(VenueId.RaydiumV4, Pool, vault, vault + 1, minimum);
        return vault != 0;
    }
}
