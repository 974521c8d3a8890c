using System.Buffers.Binary;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Addresses;
using Mev.Sdk.Solana.Internal;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Reads the least that a trader accepts of a whole route from the aggregator's arguments, and states it on the legs that end the route.</summary>
/// <remarks>
/// Source: the published IDLs of Jupiter v4 and v6 and of OKX's router. Legs in the middle keep their own minimum, mostly 0: a route is checked at its end only. The published IDL of DFlow has the amount
/// behind a list of variable length whose members are not all known, so its routes state nothing.
/// </remarks>
internal static class RouteMinimum
{
    private const int BasisPoints = 10_000;
    private const int TailBytes = 11; // quoted amount, tolerance u16, fee u8: the end of the older routes' data

    private static readonly Pubkey Jupiter4 = Pubkey.Parse("JUP4Fb2cqiRUcaTHdrPC8h2gNsA2ETXiPDD33WcGuJB");
    private static readonly Pubkey Okx = Pubkey.Parse("6m2CDdhRgxpH4WjvdzxAYbGxwdGUz5MziiL5jek2kBma");

    /// <summary>States the minimum of every route on its last legs.</summary>
    /// <param name="view">The transaction.</param>
    /// <param name="swaps">Its swaps in order of execution.</param>
    /// <param name="steps">The step of each.</param>
    public static void Apply(in ExecutionView view, Span<SwapEntry> swaps, ReadOnlySpan<int> steps)
    {
        for (var i = 0; i < view.Steps.Length; i++)
        {
            ref readonly var step = ref view.Steps[i];
            if (step.Kind == ProgramKind.Aggregator && Read(in view.Keys[step.Program], view.Data(in step)) is > 0 and var minimum)
            {
                Spread(swaps, steps, i, step.End, minimum);
            }
        }
    }

    /// <summary>The least that a route's arguments accept.</summary>
    /// <returns>Base units; 0 = not stated, or not in a form that was published.</returns>
    public static ulong Read(in Pubkey program, ReadOnlySpan<byte> data)
    {
        if (data.Length < Anchor.DiscriminatorBytes + TailBytes)
        {
            return 0;
        }

        var instruction = Anchor.DiscriminatorOf(data);
        if (program == Okx)
        {
            return instruction switch
            {
                // amount in, expected out, least out, ...
                0xf8c69e91e17587c8 or 0x414b3f4ceb5b5b88 // swap, swap2
                    or 0x132c829448382cee // proxy_swap
                    or 0x5180864972492d5e or 0x71841f4a63a93992 // commission_sol_swap, ..2
                    or 0xeb47d3c472c78f5c or 0xad834e2696a57b0f // commission_spl_swap, ..2
                    or 0x1e21d05b1f9d2512 or 0x60430c9781a41247 => Anchor.Argument(data, 16), // ..proxy_swap
                _ => 0,
            };
        }

        if (program != KnownPrograms.JupiterV6 && program != Jupiter4)
        {
            return 0;
        }

        return instruction switch
        {
            // ..., quoted out, tolerance, fee
            0xe517cb977ae3ad2a or 0xc1209b3341d69c81 // route, shared_accounts_route
                or 0x96564774a75d0e68 or 0xe6798f50779f6aaa => // .._with_token_ledger
                Less(data, data.Length - TailBytes),

            // ..., out, quoted in, tolerance, fee
            0xd033ef977b2bed5c or 0xb0d169a89a7d453e => Anchor.U64(data, data.Length - TailBytes - sizeof(ulong)), // exact_out_route, shared_accounts_..

            // in, quoted out, tolerance, ...; the shared forms have an id of one byte before
            0xbb64facc31c4af14 => Less(data, Anchor.DiscriminatorBytes + 8), // route_v2
            0xd19853937cfed8e9 => Less(data, Anchor.DiscriminatorBytes + 9), // shared_accounts_route_v2
            0x9d8ab85215f4f324 => Anchor.Argument(data, 0), // exact_out_route_v2
            0x3560e5cad8bbfa18 => Anchor.Argument(data, 1), // shared_accounts_exact_out_route_v2
            _ => 0,
        };
    }

    private static ulong Less(ReadOnlySpan<byte> data, int at)
    {
        if (data.Length < at + sizeof(ulong) + sizeof(ushort))
        {
            return 0;
        }

        var tolerance = BinaryPrimitives.ReadUInt16LittleEndian(data[(at + sizeof(ulong))..]);
        return tolerance > BasisPoints ? 0 : (ulong)((UInt128)Anchor.U64(data, at) * (uint)(BasisPoints - tolerance) / BasisPoints);
    }

    // A route may end in several legs at once; each then has the share of the minimum that it has of what they gave.
    private static void Spread(Span<SwapEntry> swaps, ReadOnlySpan<int> steps, int from, int end, ulong minimum)
    {
        var last = swaps.Length - 1;
        while (last >= 0 && (steps[last] <= from || steps[last] >= end))
        {
            last--;
        }

        if (last < 0)
        {
            return;
        }

        var mint = swaps[last].MintOut;
        UInt128 total = 0;
        var first = last;
        for (var i = last; i >= 0 && steps[i] > from && swaps[i].MintIn != mint; i--)
        {
            total += swaps[i].MintOut == mint ? swaps[i].AmountOut : 0;
            first = i;
        }

        if (total < minimum)
        {
            return; // something else gave the rest, so the legs promise nothing
        }

        for (var i = first; i <= last; i++)
        {
            if (swaps[i].MintOut == mint)
            {
                var share = (ulong)((UInt128)minimum * swaps[i].AmountOut / total);
                swaps[i].MinimumAmountOut = Math.Max(swaps[i].MinimumAmountOut, share);
            }
        }
    }
}
