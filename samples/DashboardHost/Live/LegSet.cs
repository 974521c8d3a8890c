using System.Runtime.CompilerServices;
using Mev.Sdk.Records;

namespace Mev.Sdk.DashboardHost.Live;

/// <summary>What the legs of a transaction's route swapped and where, in fixed memory: venues as bits, pairs and mints as 64-bit hashes.</summary>
/// <remarks>Of more than eight legs the later ones are found by venue only.</remarks>
internal struct LegSet
{
    private const int MaxLegs = 8;

    private ulong _venues;
    private Hashes _mintsIn;
    private Hashes _mintsOut;
    private int _count;

    public static LegSet From(ReadOnlySpan<SwapEntry> swaps)
    {
        var legs = default(LegSet);
        foreach (ref readonly var swap in swaps)
        {
            legs._venues |= Bit(swap.Venue);
            if (legs._count < MaxLegs)
            {
                legs._mintsIn[legs._count] = Hash(in swap.MintIn);
                legs._mintsOut[legs._count++] = Hash(in swap.MintOut);
            }
        }

        return legs;
    }

    public readonly bool HasVenue(VenueId venue) => (_venues & Bit(venue)) != 0;

    public readonly bool HasMint(in Pubkey mint)
    {
        var hash = Hash(in mint);
        for (var i = 0; i < _count; i++)
        {
            if (_mintsIn[i] == hash || _mintsOut[i] == hash)
            {
                return true;
            }
        }

        return false;
    }

    public readonly bool HasPair(in Pubkey one, in Pubkey other)
    {
        var (first, second) = (Hash(in one), Hash(in other));
        for (var i = 0; i < _count; i++)
        {
            if ((_mintsIn[i] == first && _mintsOut[i] == second) || (_mintsIn[i] == second && _mintsOut[i] == first))
            {
                return true;
            }
        }

        return false;
    }

    // Ids are small and dense; one that a later version adds beyond 63 shares a bit and is told apart by nothing here.
    private static ulong Bit(VenueId venue) => 1UL << ((int)venue & 63);

    private static ulong Hash(in Pubkey key) => KeyHash.Of(in key);

    [InlineArray(MaxLegs)]
    private struct Hashes
    {
        private ulong _first;
    }
}
